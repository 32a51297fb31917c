-- Add updated_at triggers
--
-- Revision ID: ccc076a63ea8
-- Revises: b0ef95f73d85
-- Author: Marina Duarte
-- Create Date: 2025-11-20 13:42:15.760294

-- +upgrade
CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $function$
BEGIN
    -- clock_timestamp(), not now(): two updates in one transaction differ.
    NEW.updated_at := clock_timestamp();
    RETURN NEW;
END;
$function$;

COMMENT ON FUNCTION set_updated_at() IS 'Row trigger: stamps updated_at; the application need not (and should not) set it';

CREATE TRIGGER tr_users_updated_at
    BEFORE UPDATE ON users
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER tr_birth_charts_updated_at
    BEFORE UPDATE ON birth_charts
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER tr_chart_interpretations_updated_at
    BEFORE UPDATE ON chart_interpretations
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION set_updated_at();

-- +downgrade
DROP TRIGGER tr_chart_interpretations_updated_at ON chart_interpretations;

DROP TRIGGER tr_birth_charts_updated_at ON birth_charts;

DROP TRIGGER tr_users_updated_at ON users;

DROP FUNCTION set_updated_at();
