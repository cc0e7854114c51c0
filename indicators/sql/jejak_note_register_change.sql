-- Counts the transactions that change what pages of figures show (ADR 13).
-- One row for each transaction. Where a savepoint is rolled back, the row and the setting that remembers it go together.
CREATE OR REPLACE FUNCTION jejak_note_register_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    here text := pg_current_xact_id()::text;
BEGIN
    IF current_setting('jejak.register_changed', true) IS DISTINCT FROM here THEN
        INSERT INTO indicators_registerchange DEFAULT VALUES;
        PERFORM set_config('jejak.register_changed', here, true);
    END IF;
    RETURN NULL;
END $$;
