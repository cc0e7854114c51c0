-- Keeps the marks of hidden words that an Event brings (ADR 18), and tells the rest of its transaction of the newest.
CREATE OR REPLACE FUNCTION jejak_keep_identity_marks() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO privacy_identitymark (event_id, field, sha256, length, spans, is_hidden, agency_id)
    SELECT NEW.id, left(mark->>'field', 100), mark->>'sha256', (mark->>'length')::int, mark->'spans',
           coalesce((mark->>'is_hidden')::boolean, true),
           coalesce((mark->>'agency')::bigint, NEW.agency_id,
                    CASE WHEN NEW.actor_role IN ('officer', 'coordinator') THEN NEW.actor_agency_id END)
    FROM jsonb_array_elements(NEW.after->'identity_marks') AS mark;
    PERFORM set_config('jejak.newest_mark', max(id)::text, true)
    FROM privacy_identitymark WHERE event_id = NEW.id HAVING count(*) > 0;
    RETURN NULL;
END $$;
