-- Add language to public_chart
--
-- Revision ID: 9b5e1a052466
-- Revises: 568668ec858b
-- Author: Ilse Brandt
-- Create Date: 2025-11-24 11:09:14.520967

-- +upgrade
ALTER TABLE public_chart_interpretations
    ADD COLUMN language text NOT NULL DEFAULT 'pt-BR'
        CONSTRAINT ck_public_chart_interpretations_language
            CHECK (language ~ '^[a-z]{2}(-[A-Z]{2})?$');

-- From now on each text may exist once in each language.
ALTER TABLE public_chart_interpretations
    DROP CONSTRAINT uq_public_chart_interpretations_subject,
    ADD CONSTRAINT uq_public_chart_interpretations_subject
        UNIQUE (public_chart_id, interpretation_type, subject, language);

-- +downgrade
-- The narrower key has room for one language: the translations have to go.
DELETE FROM public_chart_interpretations WHERE language <> 'pt-BR';

ALTER TABLE public_chart_interpretations
    DROP CONSTRAINT uq_public_chart_interpretations_subject,
    ADD CONSTRAINT uq_public_chart_interpretations_subject
        UNIQUE (public_chart_id, interpretation_type, subject);

ALTER TABLE public_chart_interpretations DROP COLUMN language;
