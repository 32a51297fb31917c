-- Add PDF fields to birth_charts
--
-- Revision ID: b6028633621c
-- Revises: b47c6865ccaf
-- Author: Rui Castanheira
-- Create Date: 2025-11-20 08:31:09.482163

-- +upgrade
ALTER TABLE birth_charts
    ADD COLUMN pdf_url text,
    ADD COLUMN pdf_generated_at timestamptz,
    ADD COLUMN pdf_bytes bigint,
    -- A PDF that has a URL also has the moment at which it was made.
    ADD CONSTRAINT ck_birth_charts_pdf CHECK ((pdf_url IS NULL) = (pdf_generated_at IS NULL));

-- +downgrade
ALTER TABLE birth_charts
    DROP CONSTRAINT ck_birth_charts_pdf,
    DROP COLUMN pdf_bytes,
    DROP COLUMN pdf_generated_at,
    DROP COLUMN pdf_url;
