-- Deletes the words of a cycle's items.
CREATE OR REPLACE FUNCTION jejak_delete_cycle_20_search(unwanted bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM jejak_delete_rows(
        ARRAY['search_itemwords'],
        ARRAY[
            'DELETE FROM search_itemwords USING recommendations_item item'
            ' WHERE item_id = item.id AND item.cycle_id = $1'
        ],
        unwanted
    );
END $$;
