-- A long text whose words do not fit into one tsvector (1 MB) keeps those of its beginning.
CREATE OR REPLACE FUNCTION jejak_long_words(given text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    room integer := length(given);
BEGIN
    LOOP
        BEGIN
            RETURN jejak_words(left(given, room));
        EXCEPTION WHEN program_limit_exceeded THEN
            room := room / 2;
        END;
    END LOOP;
END
$$;
