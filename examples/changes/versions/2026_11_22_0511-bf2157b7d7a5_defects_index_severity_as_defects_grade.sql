-- defects: index severity as defects_grade does grade
--
-- Revision ID: bf2157b7d7a5
-- Revises: 2c0f17a0aec1
-- Create Date: 2026-11-22 05:11:11.950424
-- Change: defects_grade_severity
-- Phase: migrate

-- +upgrade
CREATE INDEX CONCURRENTLY cofferdam_defects_grade_severity_i1 ON public.defects USING btree (severity);
-- +downgrade
DROP INDEX CONCURRENTLY public.cofferdam_defects_grade_severity_i1;
