"""Events come in by one function, which asks for a seal and for a present instant. The SQL stands here whole."""

from django.db import migrations

TABLES = """
-- The key of seals, as the two blocks of HMAC-SHA256. The web's role holds no right on it.
CREATE TABLE audit_sealkey (
    id smallint PRIMARY KEY CHECK (id = 1),
    inner_pad bytea NOT NULL CHECK (length(inner_pad) = 64),
    outer_pad bytea NOT NULL CHECK (length(outer_pad) = 64)
);

-- Which seals were used, in which transaction, by whom. Of use for minutes: an unlogged table will do.
CREATE UNLOGGED TABLE audit_seal (
    nonce uuid PRIMARY KEY,
    transaction bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    action text NOT NULL,
    actor_id bigint
);
CREATE INDEX audit_seal_transaction ON audit_seal (transaction);
CREATE INDEX audit_seal_used_at ON audit_seal (used_at);
"""

#: Written into both functions: a third one, which they call, could be called by the web too.
OPEN_SEAL = """
    SELECT * INTO key FROM public.audit_sealkey;
    -- Digests are compared, so that the time it takes tells nothing of the seal.
    IF sha256(convert_to(seal, 'UTF8')) IS DISTINCT FROM sha256(convert_to(encode(
        sha256(key.outer_pad || sha256(key.inner_pad || convert_to(said, 'UTF8'))), 'hex'
    ), 'UTF8')) THEN
        RAISE EXCEPTION 'jejak: this seal is not of this installation'
            USING ERRCODE = 'JJ004', HINT = 'After a change of SECRET_KEY run `manage.py grant_web_role`.';
    END IF;
    told := said::jsonb;
    IF (told ->> 'serves') IS DISTINCT FROM {serves} THEN
        RAISE EXCEPTION 'jejak: this seal serves for something else' USING ERRCODE = 'JJ006';
    END IF;
    IF (abs(extract(epoch FROM (told ->> 'occurred_at')::timestamptz - {clock}())) <= 300) IS NOT TRUE THEN
        RAISE EXCEPTION 'jejak: what is sealed happens at the present instant, not at %', told ->> 'occurred_at'
            USING ERRCODE = 'JJ005', HINT = 'Do the clocks of this machine and of the database differ?';
    END IF;
    INSERT INTO public.audit_seal (nonce, action, actor_id)
    VALUES ((told ->> 'nonce')::uuid, told ->> 'action', (told ->> 'actor_id')::bigint);
"""

RECORD = f"""
CREATE FUNCTION jejak_record(said text, seal text, OUT id bigint, OUT recorded_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    key public.audit_sealkey;
    told jsonb;
BEGIN
    {OPEN_SEAL.format(serves="'event'", clock="jejak_now")}
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
"""  # noqa: S608 - of the constants above

VOUCH = f"""
CREATE FUNCTION jejak_vouch(said text, seal text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    key public.audit_sealkey;
    told jsonb;
BEGIN
    {OPEN_SEAL.format(serves="'transaction'", clock="clock_timestamp")}
END $$;

CREATE FUNCTION jejak_forget_seals() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Long after a seal of that age has become useless, because its instant is no longer the present one.
    DELETE FROM public.audit_seal WHERE used_at < clock_timestamp() - interval '1 day';
END $$;
"""  # noqa: S608 - of the constants above

DROP = """
DROP FUNCTION jejak_forget_seals();
DROP FUNCTION jejak_vouch(text, text);
DROP FUNCTION jejak_record(text, text);
DROP TABLE audit_seal;
DROP TABLE audit_sealkey;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_plain_labels")]

    operations = [migrations.RunSQL(TABLES + RECORD + VOUCH, DROP)]
