-- inspections.weather: fill in what is left out
--
-- Revision ID: 02de85744f21
-- Revises: c2e81f7a3d55
-- Create Date: 2026-11-22 05:11:10.282380
-- Change: inspections_require_weather
-- Phase: expand

-- +upgrade
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
-- +allow trigger-on-existing-table: it fills in what a version of the application leaves out
CREATE TRIGGER zz_cofferdam_inspections_require_weather BEFORE INSERT OR UPDATE ON public.inspections FOR EACH ROW EXECUTE FUNCTION public.cofferdam_inspections_require_weather();
ALTER TABLE public.inspections ENABLE ALWAYS TRIGGER zz_cofferdam_inspections_require_weather;
ALTER TABLE public.inspections ADD CONSTRAINT cofferdam_inspections_require_weather_n1 CHECK (weather IS NOT NULL) NOT VALID;
-- +downgrade
SET LOCAL lock_timeout = '10s';
LOCK TABLE public.inspections IN SHARE UPDATE EXCLUSIVE MODE;
SET LOCAL lock_timeout = '40ms';
ALTER TABLE public.inspections DROP CONSTRAINT cofferdam_inspections_require_weather_n1;
DROP TRIGGER zz_cofferdam_inspections_require_weather ON public.inspections;
DROP FUNCTION public.cofferdam_inspections_require_weather();
