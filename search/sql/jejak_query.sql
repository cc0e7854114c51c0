-- What a person typed: words, "phrases", or, -without, begin*. A part that names no word to look for is left out;
-- NULL means that nothing is left. While the parser reads, x* goes as a word that no stemmer changes.
CREATE OR REPLACE FUNCTION jejak_query(given text) RETURNS tsquery
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    plain text := regexp_replace(jejak_plain(translate(given, '“”„‟', repeat('"', 4))), '(\w{3,})\*', 'zqz\1zqz', 'g');
    language regconfig;
    part tsquery;
    found tsquery;
BEGIN
    FOREACH language IN ARRAY ARRAY['indonesian', 'english']::regconfig[] LOOP
        part := websearch_to_tsquery(language, CASE WHEN language = 'english'::regconfig THEN jejak_american(plain) ELSE plain END);
        IF querytree(part) NOT IN ('', 'T') THEN
            part := regexp_replace(part::text, '''zqz(\w+?)zqz''', '''\1'':*', 'g')::tsquery;
            found := CASE WHEN found IS NULL OR found = part THEN part ELSE found || part END;
        END IF;
    END LOOP;
    RETURN found;
END
$$;
