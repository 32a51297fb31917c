-- defects: add severity, kept equal to grade
--
-- Revision ID: 94d4bed13139
-- Revises: 48ac1bbd28cc
-- Create Date: 2026-11-22 05:11:11.805061
-- Change: defects_grade_severity
-- Phase: expand

-- +upgrade
SET LOCAL lock_timeout = '10s';
LOCK TABLE public.defects IN SHARE UPDATE EXCLUSIVE MODE;
SET LOCAL lock_timeout = '40ms';
ALTER TABLE public.defects ADD COLUMN severity text;
CREATE FUNCTION public.cofferdam_defects_grade_severity() RETURNS trigger LANGUAGE plpgsql AS $cofferdam$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.severity IS NULL THEN
            NEW.severity := NEW.grade;
        ELSIF NEW.severity IS DISTINCT FROM NEW.grade THEN
            NEW.grade := NEW.severity;
        END IF;
    ELSIF NEW.severity IS DISTINCT FROM OLD.severity AND NEW.severity IS DISTINCT FROM NEW.grade THEN
        NEW.grade := NEW.severity;
    ELSIF (NEW.grade IS DISTINCT FROM OLD.grade AND NEW.grade IS DISTINCT FROM NEW.severity) OR (NEW.severity IS NULL) THEN
        NEW.severity := NEW.grade;
    ELSIF NEW.grade IS NULL THEN
        NEW.grade := NEW.severity;
    END IF;
    RETURN NEW;
END
$cofferdam$;
-- +allow trigger-on-existing-table: it keeps both sides in step for every version that writes
CREATE TRIGGER zz_cofferdam_defects_grade_severity BEFORE INSERT OR UPDATE ON public.defects FOR EACH ROW EXECUTE FUNCTION public.cofferdam_defects_grade_severity();
ALTER TABLE public.defects ENABLE ALWAYS TRIGGER zz_cofferdam_defects_grade_severity;
ALTER TABLE public.defects ADD CONSTRAINT cofferdam_defects_grade_severity_n1 CHECK (severity IS NOT NULL) NOT VALID;
-- +downgrade
SET LOCAL lock_timeout = '10s';
LOCK TABLE public.defects IN SHARE UPDATE EXCLUSIVE MODE;
SET LOCAL lock_timeout = '40ms';
DROP TRIGGER zz_cofferdam_defects_grade_severity ON public.defects;
DROP FUNCTION public.cofferdam_defects_grade_severity();
ALTER TABLE public.defects DROP COLUMN severity;
