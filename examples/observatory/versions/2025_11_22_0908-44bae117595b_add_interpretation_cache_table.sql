-- Add interpretation_cache table
--
-- Revision ID: 44bae117595b
-- Revises: 17d797292022
-- Author: Rui Castanheira
-- Create Date: 2025-11-22 09:08:26.559013

-- +upgrade
CREATE TABLE interpretation_cache (
    cache_key           text        NOT NULL,
    interpretation_type text        NOT NULL,
    subject             text        NOT NULL,
    parameters          jsonb       NOT NULL DEFAULT '{}',
    content             text        NOT NULL,
    hit_count           integer     NOT NULL DEFAULT 0,
    created_at          timestamptz NOT NULL DEFAULT now(),
    expires_at          timestamptz NOT NULL DEFAULT now() + interval '30 days',
    CONSTRAINT pk_interpretation_cache PRIMARY KEY (cache_key),
    CONSTRAINT ck_interpretation_cache_key CHECK (cache_key ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_interpretation_cache_hit_count CHECK (hit_count >= 0)
);

COMMENT ON TABLE interpretation_cache IS 'Texts that fit more than one chart; may be emptied at any time';
COMMENT ON COLUMN interpretation_cache.cache_key IS 'SHA-256 of type, subject and parameters, in hexadecimal';

CREATE INDEX ix_interpretation_cache_parameters
    ON interpretation_cache USING gin (parameters jsonb_path_ops);

CREATE INDEX ix_interpretation_cache_expires_at ON interpretation_cache (expires_at);

-- +downgrade
DROP TABLE interpretation_cache;
