-- Deletes a cycle that nobody used (ADR 42), whose deletion this transaction records in an Event with a reason.
-- Each app deletes its own, by a function jejak_delete_cycle_NN_app; these run in the order of their names.
CREATE OR REPLACE FUNCTION jejak_delete_cycle(unwanted bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    part text;
BEGIN
    IF NOT EXISTS (
        SELECT FROM audit_event event
        WHERE event.object_type = 'recommendations.Cycle' AND event.object_id = unwanted::text
          AND event.action = 'cycle.deleted' AND event.reason <> '' AND event.actor_id IS NOT NULL
          AND jsonb_typeof(event.before -> 'files') = 'array' AND event.before -> 'files' <> '[]'
          AND NOT EXISTS (SELECT FROM audit_link link WHERE link.event_id = event.id)
    ) THEN
        RAISE EXCEPTION 'jejak: the Event of this deletion is missing' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (
        SELECT FROM recommendations_assignment assignment
        JOIN recommendations_item item ON item.id = assignment.item_id
        WHERE item.cycle_id = unwanted AND assignment.confirmed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'jejak: this cycle is in use' USING ERRCODE = 'foreign_key_violation';
    END IF;
    PERFORM set_config('lock_timeout', '3s', true);
    FOR part IN
        SELECT proname FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proname ~ '^jejak_delete_cycle_\d\d_' ORDER BY proname
    LOOP
        EXECUTE format('SELECT %I($1)', part) USING unwanted;
    END LOOP;
END $$;
