-- An Event says itself when it was recorded.
CREATE OR REPLACE FUNCTION event_recorded_at() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.recorded_at := jejak_now();
    RETURN NEW;
END $$;
