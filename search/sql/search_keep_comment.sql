-- Keeps the words of a comment.
CREATE OR REPLACE FUNCTION search_keep_comment() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO search_commentwords (comment_id, words) VALUES (NEW.id, jejak_words(NEW.text));
    RETURN NULL;
END
$$;
