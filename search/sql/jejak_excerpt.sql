-- The surroundings of the first of these beginnings of words that a text holds, else the text's own beginning.
CREATE OR REPLACE FUNCTION jejak_excerpt(given text, needles text[], room integer) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    lowered text := lower(given);
    needle text;
    place integer;
BEGIN
    FOREACH needle IN ARRAY needles LOOP
        place := strpos(lowered, needle);
        IF place > 0 THEN
            RETURN substr(given, greatest(place - room / 2, 1), room);
        END IF;
    END LOOP;
    RETURN left(given, room);
END
$$;
