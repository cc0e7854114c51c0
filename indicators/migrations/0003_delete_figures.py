from django.db import migrations, models

#: Deletes what the file of a cycle brought of figures: its source with tables, figures and checks, and the links of
#: indicators to its items. Definitions stay, as agencies do: they belong to no cycle. It acts in the name of whoever calls
#: it, so that it serves `jejak_delete_cycle` alone: nobody else may delete a row of these tables. What people did, such as an
#: explanation, refers to these rows and makes the deletion fail.
DELETE_FIGURES = """
CREATE FUNCTION jejak_delete_figures(unwanted bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    loaded text[] := ARRAY['indicators_checkterm', 'indicators_check', 'indicators_publishedcell',
        'indicators_publishedtable', 'indicators_figure', 'indicators_source', 'indicators_indicatoritemversion',
        'indicators_indicatoritem'];
    items bigint[] := ARRAY(SELECT id FROM recommendations_item WHERE cycle_id = unwanted);
    sources bigint[] := ARRAY(SELECT id FROM indicators_source WHERE cycle_id = unwanted);
    keys text;
    part text;
BEGIN
    SELECT string_agg(DISTINCT quote_ident(conname), ', ') INTO keys
    FROM pg_constraint
    WHERE contype = 'f' AND condeferrable
      AND (conrelid = ANY(loaded::regclass[]) OR confrelid = ANY(loaded::regclass[]));
    EXECUTE 'SET CONSTRAINTS ' || keys || ' IMMEDIATE';
    FOREACH part IN ARRAY loaded LOOP
        EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', part);
    END LOOP;
    DELETE FROM indicators_checkterm USING indicators_check checked
    WHERE check_of_id = checked.id AND checked.source_id = ANY(sources);
    DELETE FROM indicators_check WHERE source_id = ANY(sources);
    DELETE FROM indicators_publishedcell USING indicators_publishedtable printed
    WHERE table_id = printed.id AND printed.source_id = ANY(sources);
    DELETE FROM indicators_publishedtable WHERE source_id = ANY(sources);
    DELETE FROM indicators_figure WHERE source_id = ANY(sources);
    DELETE FROM indicators_source WHERE id = ANY(sources);
    DELETE FROM indicators_indicatoritemversion WHERE item_id = ANY(items);
    DELETE FROM indicators_indicatoritem WHERE item_id = ANY(items);
    FOREACH part IN ARRAY loaded LOOP
        EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', part);
    END LOOP;
    EXECUTE 'SET CONSTRAINTS ' || keys || ' DEFERRED';
END
$$;
"""
KEEP_FIGURES = "DROP FUNCTION jejak_delete_figures(bigint);"

#: As in 0014 of `recommendations`, and with the figures first.
DELETE_CYCLE = """
CREATE OR REPLACE FUNCTION jejak_delete_cycle(unwanted bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    loaded text[] := ARRAY['recommendations_itemlinkversion', 'recommendations_itemlink', 'search_itemwords',
        'recommendations_assignmentversion', 'recommendations_assignment', 'recommendations_itemversion',
        'recommendations_item', 'reminders_reminderrule', 'recommendations_cycleversion', 'recommendations_cycle'];
    items bigint[] := ARRAY(SELECT id FROM recommendations_item WHERE cycle_id = unwanted);
    assignments bigint[] := ARRAY(SELECT id FROM recommendations_assignment WHERE item_id = ANY(items));
    checks text;
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
    IF EXISTS (SELECT FROM recommendations_assignment WHERE id = ANY(assignments) AND confirmed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'jejak: this cycle is in use' USING ERRCODE = 'foreign_key_violation';
    END IF;
    PERFORM set_config('lock_timeout', '3s', true);
    PERFORM jejak_delete_figures(unwanted);
    SELECT string_agg(DISTINCT quote_ident(conname), ', ') INTO checks
    FROM pg_constraint
    WHERE contype = 'f' AND condeferrable
      AND (conrelid = ANY(loaded::regclass[]) OR confrelid = ANY(loaded::regclass[]));
    EXECUTE 'SET CONSTRAINTS ' || checks || ' IMMEDIATE';
    FOREACH part IN ARRAY loaded LOOP
        EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', part);
    END LOOP;
    DELETE FROM recommendations_itemlinkversion WHERE weakness_id = ANY(items) OR answer_id = ANY(items);
    DELETE FROM recommendations_itemlink WHERE weakness_id = ANY(items) OR answer_id = ANY(items);
    DELETE FROM search_itemwords WHERE item_id = ANY(items);
    DELETE FROM recommendations_assignmentversion WHERE assignment_id = ANY(assignments);
    DELETE FROM recommendations_assignment WHERE id = ANY(assignments);
    DELETE FROM recommendations_itemversion WHERE item_id = ANY(items);
    DELETE FROM recommendations_item WHERE id = ANY(items);
    DELETE FROM reminders_reminderrule WHERE cycle_id = unwanted;
    DELETE FROM recommendations_cycleversion WHERE cycle_id = unwanted;
    DELETE FROM recommendations_cycle WHERE id = unwanted;
    FOREACH part IN ARRAY loaded LOOP
        EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', part);
    END LOOP;
    EXECUTE 'SET CONSTRAINTS ' || checks || ' DEFERRED';
END
$$;
"""
#: As in 0014 of `recommendations`.
DELETE_CYCLE_BACK = """
CREATE OR REPLACE FUNCTION jejak_delete_cycle(unwanted bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    loaded text[] := ARRAY['recommendations_itemlinkversion', 'recommendations_itemlink', 'search_itemwords',
        'recommendations_assignmentversion', 'recommendations_assignment', 'recommendations_itemversion',
        'recommendations_item', 'reminders_reminderrule', 'recommendations_cycleversion', 'recommendations_cycle'];
    items bigint[] := ARRAY(SELECT id FROM recommendations_item WHERE cycle_id = unwanted);
    assignments bigint[] := ARRAY(SELECT id FROM recommendations_assignment WHERE item_id = ANY(items));
    checks text;
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
    IF EXISTS (SELECT FROM recommendations_assignment WHERE id = ANY(assignments) AND confirmed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'jejak: this cycle is in use' USING ERRCODE = 'foreign_key_violation';
    END IF;
    PERFORM set_config('lock_timeout', '3s', true);
    SELECT string_agg(DISTINCT quote_ident(conname), ', ') INTO checks
    FROM pg_constraint
    WHERE contype = 'f' AND condeferrable
      AND (conrelid = ANY(loaded::regclass[]) OR confrelid = ANY(loaded::regclass[]));
    EXECUTE 'SET CONSTRAINTS ' || checks || ' IMMEDIATE';
    FOREACH part IN ARRAY loaded LOOP
        EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', part);
    END LOOP;
    DELETE FROM recommendations_itemlinkversion WHERE weakness_id = ANY(items) OR answer_id = ANY(items);
    DELETE FROM recommendations_itemlink WHERE weakness_id = ANY(items) OR answer_id = ANY(items);
    DELETE FROM search_itemwords WHERE item_id = ANY(items);
    DELETE FROM recommendations_assignmentversion WHERE assignment_id = ANY(assignments);
    DELETE FROM recommendations_assignment WHERE id = ANY(assignments);
    DELETE FROM recommendations_itemversion WHERE item_id = ANY(items);
    DELETE FROM recommendations_item WHERE id = ANY(items);
    DELETE FROM reminders_reminderrule WHERE cycle_id = unwanted;
    DELETE FROM recommendations_cycleversion WHERE cycle_id = unwanted;
    DELETE FROM recommendations_cycle WHERE id = unwanted;
    FOREACH part IN ARRAY loaded LOOP
        EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', part);
    END LOOP;
    EXECUTE 'SET CONSTRAINTS ' || checks || ' DEFERRED';
END
$$;
"""


class Migration(migrations.Migration):
    """A cycle goes with the figures of its file; a published table keeps the heading above those of its rows."""

    dependencies = [
        ("indicators", "0002_keep_past"),
        ("recommendations", "0014_delete_cycle_with_its_event"),
    ]

    operations = [
        migrations.AddField("publishedtable", "stub", models.JSONField(blank=True, null=True)),
        migrations.RunSQL(DELETE_FIGURES, KEEP_FIGURES),
        migrations.RunSQL(DELETE_CYCLE, DELETE_CYCLE_BACK),
    ]
