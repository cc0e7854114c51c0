-- Deletes a cycle that nobody used (ADR 7), whose deletion this transaction records in an Event with a reason. What hangs on a
-- cycle is of many apps, so this stands above all of them.
CREATE OR REPLACE FUNCTION jejak_delete_cycle(unwanted bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    tables text[] := ARRAY[
        'indicators_checkterm', 'indicators_check', 'indicators_publishedcell', 'indicators_publishedtable',
        'indicators_figure', 'indicators_source', 'indicators_indicatoritemversion', 'indicators_indicatoritem',
        'search_itemwords', 'reminders_reminderrule',
        'recommendations_cyclefactitemversion', 'recommendations_cyclefactitem', 'recommendations_cyclefactversion',
        'recommendations_cyclefact', 'recommendations_itemlinkversion', 'recommendations_itemlink',
        'recommendations_assignmentversion', 'recommendations_assignment', 'recommendations_itemversion',
        'recommendations_item', 'recommendations_cycleversion', 'recommendations_cycle'];
    keys text;
    each text;
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
    -- Rows whose keys are still to be checked would keep ALTER TABLE from its work.
    SELECT string_agg(DISTINCT quote_ident(conname), ', ') INTO keys
    FROM pg_constraint
    WHERE contype = 'f' AND condeferrable
      AND (conrelid = ANY (tables::regclass[]) OR confrelid = ANY (tables::regclass[]));
    EXECUTE 'SET CONSTRAINTS ' || keys || ' IMMEDIATE';
    FOREACH each IN ARRAY tables LOOP
        EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', each);
    END LOOP;

    -- What its file brought of figures.
    DELETE FROM indicators_checkterm USING indicators_check checked, indicators_source source
    WHERE check_of_id = checked.id AND checked.source_id = source.id AND source.cycle_id = unwanted;
    DELETE FROM indicators_check USING indicators_source source
    WHERE source_id = source.id AND source.cycle_id = unwanted;
    DELETE FROM indicators_publishedcell USING indicators_publishedtable printed, indicators_source source
    WHERE table_id = printed.id AND printed.source_id = source.id AND source.cycle_id = unwanted;
    DELETE FROM indicators_publishedtable USING indicators_source source
    WHERE source_id = source.id AND source.cycle_id = unwanted;
    DELETE FROM indicators_figure USING indicators_source source
    WHERE source_id = source.id AND source.cycle_id = unwanted;
    DELETE FROM indicators_source WHERE cycle_id = unwanted;
    DELETE FROM indicators_indicatoritemversion USING recommendations_item item
    WHERE item_id = item.id AND item.cycle_id = unwanted;
    DELETE FROM indicators_indicatoritem USING recommendations_item item
    WHERE item_id = item.id AND item.cycle_id = unwanted;

    DELETE FROM search_itemwords USING recommendations_item item
    WHERE item_id = item.id AND item.cycle_id = unwanted;
    DELETE FROM reminders_reminderrule WHERE cycle_id = unwanted;

    -- What its file says of facts, items and suggestions, and the cycle itself.
    DELETE FROM recommendations_cyclefactitemversion USING recommendations_cyclefact fact
    WHERE fact_id = fact.id AND fact.cycle_id = unwanted AND fact.key <> '';
    DELETE FROM recommendations_cyclefactitem USING recommendations_cyclefact fact
    WHERE fact_id = fact.id AND fact.cycle_id = unwanted AND fact.key <> '';
    DELETE FROM recommendations_cyclefactversion USING recommendations_cyclefact fact
    WHERE fact_id = fact.id AND fact.cycle_id = unwanted AND fact.key <> '';
    DELETE FROM recommendations_cyclefact WHERE cycle_id = unwanted AND key <> '';
    DELETE FROM recommendations_itemlinkversion USING recommendations_item item
    WHERE item.id IN (weakness_id, answer_id) AND item.cycle_id = unwanted;
    DELETE FROM recommendations_itemlink USING recommendations_item item
    WHERE item.id IN (weakness_id, answer_id) AND item.cycle_id = unwanted;
    DELETE FROM recommendations_assignmentversion USING recommendations_assignment assignment, recommendations_item item
    WHERE assignment_id = assignment.id AND assignment.item_id = item.id AND item.cycle_id = unwanted;
    DELETE FROM recommendations_assignment USING recommendations_item item
    WHERE item_id = item.id AND item.cycle_id = unwanted;
    DELETE FROM recommendations_itemversion USING recommendations_item item
    WHERE item_id = item.id AND item.cycle_id = unwanted;
    DELETE FROM recommendations_item WHERE cycle_id = unwanted;
    DELETE FROM recommendations_cycleversion WHERE cycle_id = unwanted;
    DELETE FROM recommendations_cycle WHERE id = unwanted;

    FOREACH each IN ARRAY tables LOOP
        EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', each);
    END LOOP;
    EXECUTE 'SET CONSTRAINTS ' || keys || ' DEFERRED';
END $$;
