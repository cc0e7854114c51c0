-- Who wrote or sent an opening import does not decide on it.
CREATE OR REPLACE FUNCTION opening_not_decided_by_writer() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM public.recommendations_openingwriter
        WHERE opening_id = NEW.id AND user_id = NEW.decided_by_id
    ) THEN
        RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'not_decided_by_writer';
    END IF;
    RETURN NEW;
END $$;
