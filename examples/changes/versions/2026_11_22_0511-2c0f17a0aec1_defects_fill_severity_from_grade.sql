-- defects: fill severity from grade
--
-- Revision ID: 2c0f17a0aec1
-- Revises: 94d4bed13139
-- Create Date: 2026-11-22 05:11:11.892250
-- Change: defects_grade_severity
-- Phase: migrate

-- +upgrade
-- +backfill key=id batch=auto target=30ms
UPDATE public.defects SET severity = grade WHERE severity IS NULL AND (grade) IS NOT NULL;
-- +commit
SET LOCAL lock_timeout = '10s';
LOCK TABLE public.defects IN SHARE UPDATE EXCLUSIVE MODE;
ALTER TABLE public.defects VALIDATE CONSTRAINT cofferdam_defects_grade_severity_n1;
-- +commit
SET LOCAL lock_timeout = '10s';
LOCK TABLE public.defects IN SHARE UPDATE EXCLUSIVE MODE;
SET LOCAL lock_timeout = '40ms';
ALTER TABLE public.defects ALTER COLUMN severity SET NOT NULL;
ALTER TABLE public.defects DROP CONSTRAINT cofferdam_defects_grade_severity_n1;
-- +downgrade
SET LOCAL lock_timeout = '10s';
LOCK TABLE public.defects IN SHARE UPDATE EXCLUSIVE MODE;
SET LOCAL lock_timeout = '40ms';
ALTER TABLE public.defects ADD CONSTRAINT cofferdam_defects_grade_severity_n1 CHECK (severity IS NOT NULL) NOT VALID;
ALTER TABLE public.defects ALTER COLUMN severity DROP NOT NULL;
