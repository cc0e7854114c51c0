-- Arguments: the name of the rule, and what must be so of the row as it becomes ($1) and as it was ($2); this may ask other
-- tables. What concerns the row alone is asked by the trigger's own condition.
CREATE OR REPLACE FUNCTION guard_required() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    holds boolean;
BEGIN
    EXECUTE 'SELECT ' || TG_ARGV[1] INTO holds USING NEW, OLD;
    IF holds IS NOT TRUE THEN
        RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, TG_ARGV[0];
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
