-- The words of a text in both languages (ADR 11).
CREATE OR REPLACE FUNCTION jejak_words(given text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_tsvector('pg_catalog.indonesian', jejak_plain(given))
        || to_tsvector('pg_catalog.english', jejak_american(jejak_plain(given)));
