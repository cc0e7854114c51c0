-- Takes an Event with its seal; nothing else may write one (ADR 1).
CREATE OR REPLACE FUNCTION jejak_record(said text, seal text, OUT id bigint, OUT recorded_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    told jsonb := jejak_unseal(said, seal, 'event', jejak_now());
BEGIN
    INSERT INTO public.audit_event AS kept (
        occurred_at, action, actor_id, actor_name, actor_role, actor_agency_id, actor_agency_code,
        object_type, object_id, label, agency_id, item_id, before, after, reason, address, user_agent, request_id
    )
    SELECT
        occurred_at, action, actor_id, actor_name, actor_role, actor_agency_id, actor_agency_code,
        object_type, object_id, label, agency_id, item_id, before, after, reason, address, user_agent, request_id
    FROM jsonb_populate_record(NULL::public.audit_event, told)
    RETURNING kept.id, kept.recorded_at INTO jejak_record.id, jejak_record.recorded_at;
END $$;
