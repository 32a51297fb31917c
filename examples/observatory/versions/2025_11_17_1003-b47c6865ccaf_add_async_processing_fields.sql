-- Add async processing fields
--
-- Revision ID: b47c6865ccaf
-- Revises: 5d7ee6340019
-- Author: Tomás Okafor
-- Create Date: 2025-11-17 10:03:37.215608

-- +upgrade
ALTER TABLE birth_charts
    ADD COLUMN status text NOT NULL DEFAULT 'pending'
        CONSTRAINT ck_birth_charts_status
            CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
    ADD COLUMN progress smallint NOT NULL DEFAULT 0
        CONSTRAINT ck_birth_charts_progress CHECK (progress BETWEEN 0 AND 100),
    ADD COLUMN task_id text,
    ADD COLUMN error_message text;

-- Charts made before there was a queue were computed while the user waited.
UPDATE birth_charts
SET status = 'completed', progress = 100
WHERE positions IS NOT NULL;

CREATE INDEX ix_birth_charts_queue
    ON birth_charts (created_at)
    WHERE status IN ('pending', 'processing');

-- +downgrade
DROP INDEX ix_birth_charts_queue;

ALTER TABLE birth_charts
    DROP COLUMN error_message,
    DROP COLUMN task_id,
    DROP COLUMN progress,
    DROP COLUMN status;
