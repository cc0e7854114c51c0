from django.db import migrations

#: The web's role may call this function, so the function itself asks for the Event that keeps what is deleted: written in
#: the same transaction. An Event gets its link of the chain when its transaction commits; one without a link is of the
#: present transaction. The rest is as it was.
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
#: As in 0013.
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
    """No cycle is deleted without the Event that keeps it."""

    dependencies = [
        ("audit", "0001_initial"),
        ("recommendations", "0013_delete_cycle"),
    ]

    operations = [
        migrations.RunSQL(DELETE_CYCLE, DELETE_CYCLE_BACK),
    ]
