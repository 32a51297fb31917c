-- Add pdf_generating and pdf_task_id
--
-- Revision ID: 17d797292022
-- Revises: ccc076a63ea8
-- Author: Rui Castanheira
-- Create Date: 2025-11-20 17:27:50.331870

-- +upgrade
ALTER TABLE birth_charts
    ADD COLUMN pdf_generating boolean NOT NULL DEFAULT false,
    ADD COLUMN pdf_task_id text,
    ADD CONSTRAINT ck_birth_charts_pdf_task CHECK (NOT pdf_generating OR pdf_task_id IS NOT NULL);

CREATE UNIQUE INDEX ix_birth_charts_pdf_task_id
    ON birth_charts (pdf_task_id)
    WHERE pdf_task_id IS NOT NULL;

-- +downgrade
DROP INDEX ix_birth_charts_pdf_task_id;

ALTER TABLE birth_charts
    DROP CONSTRAINT ck_birth_charts_pdf_task,
    DROP COLUMN pdf_task_id,
    DROP COLUMN pdf_generating;
