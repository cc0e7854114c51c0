-- Links each Event to the one before it, at the commit, in the order of commits (ADR 1).
CREATE OR REPLACE FUNCTION audit_append_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    newest public.audit_link;
    place bigint;
    previous text;
    canonical text;
BEGIN
    canonical := json_build_array(
        NEW.id::text,
        to_char(NEW.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        to_char(NEW.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.action, NEW.actor_id::text, NEW.actor_name, NEW.actor_role,
        NEW.actor_agency_id::text, NEW.actor_agency_code,
        NEW.object_type, NEW.object_id, NEW.label, NEW.agency_id::text, NEW.item_id::text,
        NEW.before::text, NEW.after::text, NEW.reason, NEW.address::text, NEW.user_agent, NEW.request_id
    )::text;
    -- Deferred to the commit, so that the lock is held only then; the next statement sees the others' links.
    PERFORM pg_advisory_xact_lock(7305786412);
    SELECT * INTO newest FROM public.audit_link ORDER BY position DESC LIMIT 1;
    place := coalesce(newest.position, 0) + 1;
    previous := coalesce(newest.hash, repeat('0', 64));
    INSERT INTO public.audit_link (position, event_id, previous_hash, hash)
    VALUES (
        place, NEW.id, previous,
        encode(sha256(convert_to(concat_ws(E'\n', place, previous, canonical), 'UTF8')), 'hex')
    );
    RETURN NULL;
END $$;
