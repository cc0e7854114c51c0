-- Deletes what the file of a cycle brought of figures.
CREATE OR REPLACE FUNCTION jejak_delete_cycle_10_indicators(unwanted bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM jejak_delete_rows(
        ARRAY['indicators_checkterm', 'indicators_check', 'indicators_publishedcell', 'indicators_publishedtable',
              'indicators_figure', 'indicators_source', 'indicators_indicatoritemversion', 'indicators_indicatoritem'],
        ARRAY[
            'DELETE FROM indicators_checkterm USING indicators_check checked, indicators_source source'
            ' WHERE check_of_id = checked.id AND checked.source_id = source.id AND source.cycle_id = $1',
            'DELETE FROM indicators_check USING indicators_source source'
            ' WHERE source_id = source.id AND source.cycle_id = $1',
            'DELETE FROM indicators_publishedcell USING indicators_publishedtable printed, indicators_source source'
            ' WHERE table_id = printed.id AND printed.source_id = source.id AND source.cycle_id = $1',
            'DELETE FROM indicators_publishedtable USING indicators_source source'
            ' WHERE source_id = source.id AND source.cycle_id = $1',
            'DELETE FROM indicators_figure USING indicators_source source'
            ' WHERE source_id = source.id AND source.cycle_id = $1',
            'DELETE FROM indicators_source WHERE cycle_id = $1',
            'DELETE FROM indicators_indicatoritemversion USING recommendations_item item'
            ' WHERE item_id = item.id AND item.cycle_id = $1',
            'DELETE FROM indicators_indicatoritem USING recommendations_item item'
            ' WHERE item_id = item.id AND item.cycle_id = $1'
        ],
        unwanted
    );
END $$;
