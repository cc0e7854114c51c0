from django.db import migrations

#: Deletes a cycle in which nothing was done, with all that its file brought. It belongs to the owner, whose tables refuse to
#: lose a row: their guards are off inside this one transaction, and every reference from elsewhere (updates, reports, meetings,
#: reminders, whatever comes later) makes the deletion fail. The service asks first, and keeps all of it in an Event.
DELETE_CYCLE = """
CREATE FUNCTION jejak_delete_cycle(unwanted bigint) RETURNS void
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
KEEP_CYCLES = "DROP FUNCTION jejak_delete_cycle(bigint);"


class Migration(migrations.Migration):
    """A cycle that was loaded by mistake can be deleted while nothing has been done in it."""

    dependencies = [
        ("recommendations", "0012_asked_updates"),
    ]

    operations = [
        migrations.RunSQL(DELETE_CYCLE, KEEP_CYCLES),
    ]
