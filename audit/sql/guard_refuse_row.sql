-- Refuses a row; the condition of the trigger says which. Argument: the name of the rule.
CREATE OR REPLACE FUNCTION guard_refuse_row() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'jejak: % refuses this % (%)', TG_TABLE_NAME,
        CASE TG_OP WHEN 'UPDATE' THEN 'change' ELSE 'row' END, TG_ARGV[0];
END $$;
