-- Refuses a whole statement.
CREATE OR REPLACE FUNCTION guard_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;
END $$;
