-- Keeps the words of an item.
CREATE OR REPLACE FUNCTION search_keep_item() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO search_itemwords (item_id, words) VALUES (NEW.id, search_words_of_item(NEW))
    ON CONFLICT (item_id) DO UPDATE SET words = EXCLUDED.words;
    RETURN NULL;
END
$$;
