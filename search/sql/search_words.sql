-- The words of texts, of which the first ones are a name and weigh more. The first is also read taken apart, so that the
-- parts of a file's name are found. A text whose words do not fit into one tsvector (1 MB) keeps those of its beginning.
CREATE OR REPLACE FUNCTION search_words(texts text[], names integer) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    words tsvector := '';
    each text;
BEGIN
    IF names > 0 THEN
        each := array_to_string(texts[:names] || regexp_replace(texts[1], '[^[:alnum:]]+', ' ', 'g'), ' ');
        words := setweight(jejak_words(each), 'A');
    END IF;
    FOREACH each IN ARRAY texts[names + 1:] LOOP
        LOOP
            BEGIN
                words := words || jejak_words(each);
                EXIT;
            EXCEPTION WHEN program_limit_exceeded THEN
                each := left(each, length(each) / 2);
            END;
        END LOOP;
    END LOOP;
    RETURN words;
END
$$;
