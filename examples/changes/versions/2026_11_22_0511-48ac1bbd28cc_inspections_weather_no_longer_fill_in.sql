-- inspections.weather: no longer fill in what is left out
--
-- Revision ID: 48ac1bbd28cc
-- Revises: 8fa2b62fc0b1
-- Create Date: 2026-11-22 05:11:11.181067
-- Change: inspections_require_weather
-- Phase: contract

-- +upgrade
SET LOCAL lock_timeout = '10s';
LOCK TABLE public.inspections IN SHARE UPDATE EXCLUSIVE MODE;
SET LOCAL lock_timeout = '40ms';
-- +allow ban-drop-trigger: its work is done
DROP TRIGGER zz_cofferdam_inspections_require_weather ON public.inspections;
-- +allow ban-drop-function: only its trigger called it
DROP FUNCTION public.cofferdam_inspections_require_weather();
-- +downgrade
SET LOCAL lock_timeout = '10s';
LOCK TABLE public.inspections IN SHARE UPDATE EXCLUSIVE MODE;
SET LOCAL lock_timeout = '40ms';
CREATE FUNCTION public.cofferdam_inspections_require_weather() RETURNS trigger LANGUAGE plpgsql AS $cofferdam$
BEGIN
    IF NEW.weather IS NULL THEN
        NEW.weather := 'not noted';
    END IF;
    RETURN NEW;
END
$cofferdam$;
CREATE TRIGGER zz_cofferdam_inspections_require_weather BEFORE INSERT OR UPDATE ON public.inspections FOR EACH ROW EXECUTE FUNCTION public.cofferdam_inspections_require_weather();
ALTER TABLE public.inspections ENABLE ALWAYS TRIGGER zz_cofferdam_inspections_require_weather;
