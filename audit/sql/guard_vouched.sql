-- Refuses a statement in a transaction for which this installation did not vouch.
CREATE OR REPLACE FUNCTION guard_vouched() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT jejak_is_vouched(NULL) THEN
        RAISE EXCEPTION 'jejak: nobody vouched for what % says', TG_TABLE_NAME USING ERRCODE = 'JJ007';
    END IF;
    RETURN NULL;
END $$;
