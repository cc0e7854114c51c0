-- Writes the rows of a text again that a new mark is about.
CREATE OR REPLACE FUNCTION search_keep_marked() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE search_itemwords SET marks = NULL WHERE texts @> ARRAY[NEW.sha256]::varchar[];
    UPDATE search_narrativewords SET marks = NULL WHERE texts @> ARRAY[NEW.sha256]::varchar[];
    UPDATE search_commentwords SET marks = NULL WHERE texts @> ARRAY[NEW.sha256]::varchar[];
    UPDATE search_documentwords SET marks = NULL WHERE texts @> ARRAY[NEW.sha256]::varchar[];
    RETURN NULL;
END
$$;
