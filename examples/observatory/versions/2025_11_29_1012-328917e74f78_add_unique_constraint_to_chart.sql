-- Add unique constraint to chart
--
-- Revision ID: 328917e74f78
-- Revises: 6965ccdd2487
-- Author: Marina Duarte
-- Create Date: 2025-11-29 10:12:59.263847

-- +upgrade
ALTER TABLE chart_interpretations
    ADD COLUMN attempt smallint NOT NULL DEFAULT 1
        CONSTRAINT ck_chart_interpretations_attempt CHECK (attempt >= 1);

COMMENT ON COLUMN chart_interpretations.attempt IS 'Counts up each time the same text is asked for again';

-- The queue sometimes ran a task twice. Nothing is thrown away: the oldest text
-- is attempt 1, and the others are numbered on from there.
UPDATE chart_interpretations AS i
SET attempt = numbered.n
FROM (
    SELECT id,
           row_number() OVER (
               PARTITION BY chart_id, interpretation_type, subject, language
               ORDER BY created_at, id
           ) AS n
    FROM chart_interpretations
) AS numbered
WHERE numbered.id = i.id
  AND numbered.n > 1;

-- Built beside the running application, then adopted by the constraint in an instant.
CREATE UNIQUE INDEX CONCURRENTLY uq_chart_interpretations_attempt
    ON chart_interpretations (chart_id, interpretation_type, subject, language, attempt);

ALTER TABLE chart_interpretations
    ADD CONSTRAINT uq_chart_interpretations_attempt
        UNIQUE USING INDEX uq_chart_interpretations_attempt;

-- +downgrade
ALTER TABLE chart_interpretations
    DROP CONSTRAINT uq_chart_interpretations_attempt,
    DROP COLUMN attempt;
