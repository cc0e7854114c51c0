-- Tells the processes that listen that there is a new mark.
CREATE OR REPLACE FUNCTION jejak_tell_newest_mark() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM set_config('jejak.newest_mark', NEW.id::text, true);
    RETURN NULL;
END $$;
