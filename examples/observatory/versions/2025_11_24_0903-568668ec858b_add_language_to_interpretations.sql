-- Add language to interpretations
--
-- Revision ID: 568668ec858b
-- Revises: 782ba409672f
-- Author: Ilse Brandt
-- Create Date: 2025-11-24 09:03:52.861740

-- +upgrade
ALTER TABLE chart_interpretations ADD COLUMN language text NOT NULL DEFAULT 'pt-BR';

-- Texts were written in the language of the chart's owner.
UPDATE chart_interpretations AS i
SET language = u.locale
FROM birth_charts AS c
JOIN users AS u ON u.id = c.user_id
WHERE c.id = i.chart_id
  AND u.locale <> 'pt-BR';

-- Adding the constraint unchecked takes its lock for a moment only. The check of
-- the existing rows then runs in a transaction of its own and lets writes go on.
ALTER TABLE chart_interpretations
    ADD CONSTRAINT ck_chart_interpretations_language
        CHECK (language ~ '^[a-z]{2}(-[A-Z]{2})?$') NOT VALID;

-- +commit
ALTER TABLE chart_interpretations VALIDATE CONSTRAINT ck_chart_interpretations_language;

-- +downgrade
ALTER TABLE chart_interpretations DROP COLUMN language;
