"""The log, its chain, the clock and the past. The SQL stands here whole: a migration is frozen."""

import datetime

import django.core.serializers.json
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import audit.guards

CLOCK = """
CREATE FUNCTION jejak_is_owner() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- The session's user, not the current one: inside SECURITY DEFINER functions everybody is the owner.
    RETURN (
        SELECT pg_has_role(session_user, relowner, 'MEMBER')
        FROM pg_class WHERE oid = 'public.audit_event'::regclass
    );
END $$;

CREATE FUNCTION jejak_seed() RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    wanted text := nullif(current_setting('jejak.seed_at', true), '');
BEGIN
    IF wanted IS NOT NULL AND jejak_is_owner() AND EXISTS (SELECT FROM public.audit_clock WHERE is_demo) THEN
        RETURN wanted::timestamptz;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION jejak_now() RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    RETURN coalesce(jejak_seed(), clock_timestamp() + (SELECT "offset" FROM public.audit_clock));
END $$;

CREATE FUNCTION jejak_move_clock(target timestamptz) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    clock public.audit_clock;
BEGIN
    SELECT * INTO clock FROM public.audit_clock FOR UPDATE;
    IF NOT clock.is_demo THEN
        RAISE EXCEPTION 'jejak: only a demonstration has a clock that can be moved' USING ERRCODE = 'JJ001';
    END IF;
    IF target IS NULL OR target <= clock_timestamp() + clock."offset" THEN
        RAISE EXCEPTION 'jejak: the demo clock only moves forward' USING ERRCODE = 'JJ002';
    END IF;
    UPDATE public.audit_clock SET "offset" = target - clock_timestamp();
    RETURN target;
END $$;
"""

DROP_CLOCK = """
DROP FUNCTION jejak_move_clock(timestamptz);
DROP FUNCTION jejak_now();
DROP FUNCTION jejak_seed();
DROP FUNCTION jejak_is_owner();
"""

FIRST_ROW = """INSERT INTO audit_clock (id, is_demo, "offset") VALUES (1, false, interval '0')"""

CHAIN = """
CREATE FUNCTION audit_append_link() RETURNS trigger
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
        encode(sha256(convert_to(concat_ws(E'\\n', place, previous, canonical), 'UTF8')), 'hex')
    );
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION audit_append_link() FROM PUBLIC;

CREATE CONSTRAINT TRIGGER audit_event_chain AFTER INSERT ON audit_event
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_append_link();
"""

DROP_CHAIN = """
DROP TRIGGER audit_event_chain ON audit_event;
DROP FUNCTION audit_append_link();
"""

PAST = """
CREATE FUNCTION keep_past() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    -- Arguments: the version table, its key, the live table's key, then the columns that are kept.
    versions text := format('%I.%I', TG_TABLE_SCHEMA, TG_ARGV[0]);
    key text := TG_ARGV[1];
    live_key text := TG_ARGV[2];
    columns text;
    fresh text;
    instant timestamptz := jejak_now();
    closed timestamptz;
BEGIN
    IF TG_OP IN ('UPDATE', 'DELETE') THEN
        EXECUTE format(
            'UPDATE %s SET ended_at = greatest(began_at, $1) WHERE %I = $2.%I AND ended_at IS NULL '
            'RETURNING ended_at',
            versions, key, live_key
        ) INTO STRICT closed USING instant, OLD;
        IF closed > instant AND jejak_seed() IS NOT NULL THEN
            RAISE EXCEPTION 'jejak: the past of % is seeded in the order of time', TG_TABLE_NAME;
        END IF;
        instant := closed;
    END IF;
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        SELECT
            string_agg(format('%I', name), ', ' ORDER BY place),
            string_agg(format('$2.%I', name), ', ' ORDER BY place)
        INTO columns, fresh
        FROM unnest(TG_ARGV[3:TG_NARGS - 1]) WITH ORDINALITY AS kept(name, place);
        EXECUTE format(
            'INSERT INTO %s (%I, %s, began_at) VALUES ($2.%I, %s, $1)',
            versions, key, columns, live_key, fresh
        ) USING instant, NEW;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION keep_past() FROM PUBLIC;

CREATE FUNCTION past_guard() RETURNS trigger
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

CREATE FUNCTION past_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'jejak: % is refused on %: its past is kept', TG_OP, TG_TABLE_NAME;
END $$;
"""

DROP_PAST = """
DROP FUNCTION keep_past();
DROP FUNCTION past_guard();
DROP FUNCTION past_refuse();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ChainLink",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event_id", models.BigIntegerField(unique=True)),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "audit_link",
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("is_demo", models.BooleanField(default=False)),
                ("offset", models.DurationField(default=datetime.timedelta)),
            ],
            options={
                "db_table": "audit_clock",
            },
        ),
        migrations.RunSQL(CLOCK, DROP_CLOCK),
        migrations.RunSQL(FIRST_ROW, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("occurred_at", models.DateTimeField(verbose_name="Happened at")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=models.Func(function="jejak_now"),
                        editable=False,
                        verbose_name="Recorded at",
                    ),
                ),
                ("action", models.CharField(max_length=64, verbose_name="Act")),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=200, verbose_name="Person")),
                ("actor_role", models.CharField(blank=True, max_length=32, verbose_name="Role")),
                ("actor_agency_id", models.BigIntegerField(null=True)),
                ("actor_agency_code", models.CharField(blank=True, max_length=32, verbose_name="Agency")),
                ("object_type", models.CharField(blank=True, max_length=100, verbose_name="Kind of object")),
                ("object_id", models.CharField(blank=True, max_length=64, verbose_name="Object number")),
                ("label", models.CharField(blank=True, max_length=300, verbose_name="Object")),
                ("agency_id", models.BigIntegerField(null=True, verbose_name="Whose matter")),
                ("item_id", models.BigIntegerField(null=True, verbose_name="Item")),
                (
                    "before",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        null=True,
                        verbose_name="Before",
                    ),
                ),
                (
                    "after",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        null=True,
                        verbose_name="After",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="Reason")),
                ("address", models.GenericIPAddressField(null=True, verbose_name="Address")),
                ("user_agent", models.CharField(blank=True, max_length=300, verbose_name="Browser")),
                ("request_id", models.CharField(blank=True, max_length=64, verbose_name="Request")),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chainlink",
            trigger=pgtrigger.compiler.Trigger(
                name="link_append_only",
                sql=audit.guards.StrictTriggerSql(
                    func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;",
                    hash="60be21d8d386bc312bc1907915a9de34a9a19a22",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_link_append_only_7ef2d",
                    table="audit_link",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="audit_clock_one_row"),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_demo", True), ("offset", datetime.timedelta(0)), _connector="OR"),
                name="audit_clock_real_or_demo",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clock",
            trigger=pgtrigger.compiler.Trigger(
                name="clock_no_delete",
                sql=audit.guards.StrictTriggerSql(
                    func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;",
                    hash="53b9e9c9788b25f9aaed7a66938bf79c20062d8f",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_clock_no_delete_26411",
                    table="audit_clock",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clock",
            trigger=pgtrigger.compiler.Trigger(
                name="clock_forward",
                sql=audit.guards.StrictTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n                    IF OLD.is_demo AND (NOT NEW.is_demo OR NEW.\"offset\" < OLD.\"offset\") THEN\n                        RAISE EXCEPTION 'jejak: the demo clock only moves forward' USING ERRCODE = 'JJ002';\n                    END IF;\n                    IF NOT OLD.is_demo AND EXISTS (SELECT FROM public.audit_event) THEN\n                        RAISE EXCEPTION 'jejak: this database already holds records' USING ERRCODE = 'JJ003';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="1cdaab22c7d810edd062ce81f399b1132a84fc5c",
                    operation="UPDATE",
                    pgid="pgtrigger_clock_forward_d91d2",
                    table="audit_clock",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("item_id__isnull", False)),
                fields=["item_id", "id"],
                name="audit_event_item",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["agency_id", "id"], name="audit_event_agency"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["actor_id", "id"], name="audit_event_actor"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["action", "id"], name="audit_event_action"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["object_type", "object_id", "id"], name="audit_event_object"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["occurred_at"], name="audit_event_occurred"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="event_append_only",
                sql=audit.guards.StrictTriggerSql(
                    func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;",
                    hash="99ef37606a8f3ea741d28e977252d280a2316e4f",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_event_append_only_208db",
                    table="audit_event",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="event_recorded_at",
                sql=audit.guards.StrictTriggerSql(
                    func="NEW.recorded_at := jejak_now(); RETURN NEW;",
                    hash="0b96c580a9c48ee679827ea4a598c17eb57bbed4",
                    operation="INSERT",
                    pgid="pgtrigger_event_recorded_at_489c0",
                    table="audit_event",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(CHAIN, DROP_CHAIN),
        migrations.RunSQL(PAST, DROP_PAST),
    ]
