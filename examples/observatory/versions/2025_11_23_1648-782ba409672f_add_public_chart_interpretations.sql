-- Add public_chart_interpretations
--
-- Revision ID: 782ba409672f
-- Revises: 61837bbf83a1
-- Create Date: 2025-11-23 16:48:29.157083

-- +upgrade
CREATE TABLE public_chart_interpretations (
    id                  uuid        NOT NULL DEFAULT gen_random_uuid(),
    public_chart_id     uuid        NOT NULL,
    interpretation_type text        NOT NULL,
    subject             text        NOT NULL,
    content             text        NOT NULL,
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_public_chart_interpretations PRIMARY KEY (id),
    CONSTRAINT uq_public_chart_interpretations_subject
        UNIQUE (public_chart_id, interpretation_type, subject),
    CONSTRAINT fk_public_chart_interpretations_public_chart_id_public_charts
        FOREIGN KEY (public_chart_id) REFERENCES public_charts (id) ON DELETE CASCADE,
    CONSTRAINT ck_public_chart_interpretations_type
        CHECK (interpretation_type IN ('planet', 'house', 'aspect', 'summary'))
);

CREATE TRIGGER tr_public_chart_interpretations_updated_at
    BEFORE UPDATE ON public_chart_interpretations
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION set_updated_at();

-- +downgrade
DROP TABLE public_chart_interpretations;
