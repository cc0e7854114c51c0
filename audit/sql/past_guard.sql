-- Refuses whatever else writes to a table of versions.
CREATE OR REPLACE FUNCTION past_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- keep_past, running for a live table's trigger, is one level up and acts as the owner.
    IF pg_trigger_depth() < 2
       OR current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'jejak: the past in % is written by the database alone', TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'INSERT' AND NEW.ended_at IS NOT NULL OR TG_OP = 'UPDATE' AND (
        OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
        OR to_jsonb(OLD) - 'ended_at' <> to_jsonb(NEW) - 'ended_at'
    ) THEN
        RAISE EXCEPTION 'jejak: the past in % is opened and closed once', TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
