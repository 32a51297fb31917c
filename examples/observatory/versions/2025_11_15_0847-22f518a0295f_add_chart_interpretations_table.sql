-- Add chart_interpretations table
--
-- Revision ID: 22f518a0295f
-- Revises: 14f966eaec6d
-- Author: Marina Duarte
-- Create Date: 2025-11-15 08:47:03.518220

-- +upgrade
CREATE TABLE chart_interpretations (
    id                  uuid        NOT NULL DEFAULT gen_random_uuid(),
    chart_id            uuid        NOT NULL,
    interpretation_type text        NOT NULL,
    subject             text        NOT NULL,
    content             text        NOT NULL,
    model               text,
    prompt_version      text        NOT NULL DEFAULT 'v1',
    tokens_used         integer,
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_chart_interpretations PRIMARY KEY (id),
    CONSTRAINT fk_chart_interpretations_chart_id_birth_charts
        FOREIGN KEY (chart_id) REFERENCES birth_charts (id) ON DELETE CASCADE,
    CONSTRAINT ck_chart_interpretations_type
        CHECK (interpretation_type IN ('planet', 'house', 'aspect', 'summary')),
    CONSTRAINT ck_chart_interpretations_tokens_used CHECK (tokens_used >= 0)
);

COMMENT ON TABLE chart_interpretations IS 'Texts written for a chart, one for each planet, house or aspect';
COMMENT ON COLUMN chart_interpretations.subject IS 'What the text is about: Sun, house 7, Moon □ Saturn';

CREATE INDEX ix_chart_interpretations_chart_id_type
    ON chart_interpretations (chart_id, interpretation_type);

-- +downgrade
DROP TABLE chart_interpretations;
