-- Returns what was said where its seal is of this installation, was made for this use, is of this instant and serves the first
-- time (ADR 1). It acts as whoever calls it, and the web's role reads no key: `jejak_record` and `jejak_vouch` call it.
CREATE OR REPLACE FUNCTION jejak_unseal(said text, seal text, serves text, present timestamptz) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
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
    IF (told ->> 'serves') IS DISTINCT FROM serves THEN
        RAISE EXCEPTION 'jejak: this seal serves for something else' USING ERRCODE = 'JJ006';
    END IF;
    IF (abs(extract(epoch FROM (told ->> 'occurred_at')::timestamptz - present)) <= 300) IS NOT TRUE THEN
        RAISE EXCEPTION 'jejak: what is sealed happens at the present instant, not at %', told ->> 'occurred_at'
            USING ERRCODE = 'JJ005', HINT = 'Do the clocks of this machine and of the database differ?';
    END IF;
    INSERT INTO public.audit_seal (nonce, action, actor_id)
    VALUES ((told ->> 'nonce')::uuid, told ->> 'action', (told ->> 'actor_id')::bigint);
    RETURN told;
END $$;
