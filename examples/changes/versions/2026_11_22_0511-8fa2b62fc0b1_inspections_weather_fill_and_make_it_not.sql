-- inspections.weather: fill, and make it NOT NULL
--
-- Revision ID: 8fa2b62fc0b1
-- Revises: 02de85744f21
-- Create Date: 2026-11-22 05:11:10.309297
-- Change: inspections_require_weather
-- Phase: migrate

-- +upgrade
-- +backfill key=id batch=auto target=30ms
UPDATE public.inspections SET weather = 'not noted' WHERE weather IS NULL;
-- +commit
SET LOCAL lock_timeout = '10s';
LOCK TABLE public.inspections IN SHARE UPDATE EXCLUSIVE MODE;
ALTER TABLE public.inspections VALIDATE CONSTRAINT cofferdam_inspections_require_weather_n1;
-- +commit
SET LOCAL lock_timeout = '10s';
LOCK TABLE public.inspections IN SHARE UPDATE EXCLUSIVE MODE;
SET LOCAL lock_timeout = '40ms';
ALTER TABLE public.inspections ALTER COLUMN weather SET NOT NULL;
ALTER TABLE public.inspections DROP CONSTRAINT cofferdam_inspections_require_weather_n1;
-- +downgrade
SET LOCAL lock_timeout = '10s';
LOCK TABLE public.inspections IN SHARE UPDATE EXCLUSIVE MODE;
SET LOCAL lock_timeout = '40ms';
ALTER TABLE public.inspections ADD CONSTRAINT cofferdam_inspections_require_weather_n1 CHECK (weather IS NOT NULL) NOT VALID;
ALTER TABLE public.inspections ALTER COLUMN weather DROP NOT NULL;
