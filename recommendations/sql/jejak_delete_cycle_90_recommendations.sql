-- Deletes the rest of a cycle: what its file says of facts, items and suggestions, and the cycle itself.
CREATE OR REPLACE FUNCTION jejak_delete_cycle_90_recommendations(unwanted bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM jejak_delete_rows(
        ARRAY['recommendations_cyclefactitemversion', 'recommendations_cyclefactitem', 'recommendations_cyclefactversion',
              'recommendations_cyclefact', 'recommendations_itemlinkversion', 'recommendations_itemlink',
              'recommendations_assignmentversion', 'recommendations_assignment', 'recommendations_itemversion',
              'recommendations_item', 'recommendations_cycleversion', 'recommendations_cycle'],
        ARRAY[
            'DELETE FROM recommendations_cyclefactitemversion USING recommendations_cyclefact fact'
            ' WHERE fact_id = fact.id AND fact.cycle_id = $1 AND fact.key <> ''''',
            'DELETE FROM recommendations_cyclefactitem USING recommendations_cyclefact fact'
            ' WHERE fact_id = fact.id AND fact.cycle_id = $1 AND fact.key <> ''''',
            'DELETE FROM recommendations_cyclefactversion USING recommendations_cyclefact fact'
            ' WHERE fact_id = fact.id AND fact.cycle_id = $1 AND fact.key <> ''''',
            'DELETE FROM recommendations_cyclefact WHERE cycle_id = $1 AND key <> ''''',
            'DELETE FROM recommendations_itemlinkversion USING recommendations_item item'
            ' WHERE item.id IN (weakness_id, answer_id) AND item.cycle_id = $1',
            'DELETE FROM recommendations_itemlink USING recommendations_item item'
            ' WHERE item.id IN (weakness_id, answer_id) AND item.cycle_id = $1',
            'DELETE FROM recommendations_assignmentversion USING recommendations_assignment assignment, recommendations_item item'
            ' WHERE assignment_id = assignment.id AND assignment.item_id = item.id AND item.cycle_id = $1',
            'DELETE FROM recommendations_assignment USING recommendations_item item'
            ' WHERE item_id = item.id AND item.cycle_id = $1',
            'DELETE FROM recommendations_itemversion USING recommendations_item item'
            ' WHERE item_id = item.id AND item.cycle_id = $1',
            'DELETE FROM recommendations_item WHERE cycle_id = $1',
            'DELETE FROM recommendations_cycleversion WHERE cycle_id = $1',
            'DELETE FROM recommendations_cycle WHERE id = $1'
        ],
        unwanted
    );
END $$;
