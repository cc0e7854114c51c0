-- Takes an Event with its seal; nothing else may write one (ADR 53).
CREATE OR REPLACE FUNCTION jejak_record(said text, seal text, OUT id bigint, OUT recorded_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    key public.audit_sealkey;
    told jsonb;
BEGIN
    SELECT * INTO key FROM public.audit_sealkey;
    -- Digests are compared, so that the time it takes tells nothing of the seal.
    IF sha256(convert_to(seal, 'UTF8')) IS DISTINCT FROM sha256(convert_to(encode(
        sha256(key.outer_pad || sha256(key.inner_pad || convert_to(said, 'UTF8'))), 'hex'
    ), 'UTF8')) THEN
        RAISE EXCEPTION 'jejak: this seal is not of this installation'
            USING ERRCODE = 'JJ004', HINT = 'After a change of SECRET_KEY run `manage.py grant_web_role`.';
    END IF;
    told := said::jsonb;
    IF (told ->> 'serves') IS DISTINCT FROM 'event' THEN
        RAISE EXCEPTION 'jejak: this seal serves for something else' USING ERRCODE = 'JJ006';
    END IF;
    IF (abs(extract(epoch FROM (told ->> 'occurred_at')::timestamptz - jejak_now())) <= 300) IS NOT TRUE THEN
        RAISE EXCEPTION 'jejak: what is sealed happens at the present instant, not at %', told ->> 'occurred_at'
            USING ERRCODE = 'JJ005', HINT = 'Do the clocks of this machine and of the database differ?';
    END IF;
    INSERT INTO public.audit_seal (nonce, action, actor_id)
    VALUES ((told ->> 'nonce')::uuid, told ->> 'action', (told ->> 'actor_id')::bigint);

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
