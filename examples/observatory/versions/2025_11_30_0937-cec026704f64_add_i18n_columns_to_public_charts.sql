-- Add i18n columns to public_charts
--
-- Revision ID: cec026704f64
-- Revises: 328917e74f78
-- Author: Ilse Brandt
-- Create Date: 2025-11-30 09:37:25.698004

-- +upgrade
ALTER TABLE public_charts
    ADD COLUMN title_i18n jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT ck_public_charts_title_i18n CHECK (jsonb_typeof(title_i18n) = 'object'),
    ADD COLUMN summary_i18n jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT ck_public_charts_summary_i18n CHECK (jsonb_typeof(summary_i18n) = 'object');

COMMENT ON COLUMN public_charts.title_i18n IS 'Title by language tag: {"pt-BR": "…", "en-US": "…"}';
COMMENT ON COLUMN public_charts.summary_i18n IS 'Summary by language tag';

UPDATE public_charts
SET title_i18n = jsonb_build_object('pt-BR', title),
    summary_i18n = jsonb_build_object('pt-BR', summary)
WHERE title_i18n = '{}';

CREATE FUNCTION i18n_text(texts jsonb, language text) RETURNS text
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
RETURN coalesce(texts ->> language, texts ->> 'pt-BR');

COMMENT ON FUNCTION i18n_text(jsonb, text) IS 'The text in that language; in Portuguese where there is none';

CREATE INDEX ix_public_charts_title_en
    ON public_charts (lower(i18n_text(title_i18n, 'en-US')));

-- +downgrade
DROP INDEX ix_public_charts_title_en;

DROP FUNCTION i18n_text(jsonb, text);

-- What was edited in the new columns goes back to the old ones.
UPDATE public_charts
SET title = coalesce(title_i18n ->> 'pt-BR', title),
    summary = coalesce(summary_i18n ->> 'pt-BR', summary)
WHERE title IS DISTINCT FROM title_i18n ->> 'pt-BR'
   OR summary IS DISTINCT FROM summary_i18n ->> 'pt-BR';

ALTER TABLE public_charts
    DROP COLUMN summary_i18n,
    DROP COLUMN title_i18n;
