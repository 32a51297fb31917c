-- Add rag_sources to interpretations
--
-- Revision ID: 61837bbf83a1
-- Revises: a353cbccb342
-- Author: Rui Castanheira
-- Create Date: 2025-11-23 12:33:18.704452

-- +upgrade
ALTER TABLE chart_interpretations
    ADD COLUMN rag_sources jsonb
        CONSTRAINT ck_chart_interpretations_rag_sources CHECK (jsonb_typeof(rag_sources) = 'array');

COMMENT ON COLUMN chart_interpretations.rag_sources IS
    'Passages that the text rests on: [{"id": "…", "similarity": 0.87}]; null: written without retrieval';

-- +downgrade
ALTER TABLE chart_interpretations DROP COLUMN rag_sources;
