-- A text as a reader may see it: the same as `privacy.reading.hide`, for searches. Spans that touch or overlap become one.
CREATE OR REPLACE FUNCTION jejak_shown(given text, reader_agency bigint, sees_all boolean) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    digest text;
    lifted bigint;
    place int4range;
    seen text := given;
BEGIN
    IF sees_all OR coalesce(given, '') = ''
       OR NOT EXISTS (SELECT FROM privacy_identitymark WHERE length = length(given)) THEN
        RETURN given;
    END IF;
    digest := encode(sha256(convert_to(given, 'UTF8')), 'hex');
    SELECT coalesce(max(id), 0) INTO lifted FROM privacy_identitymark WHERE sha256 = digest AND NOT is_hidden;
    IF EXISTS (SELECT FROM privacy_identitymark
               WHERE sha256 = digest AND id > lifted AND agency_id = reader_agency) THEN
        RETURN given;
    END IF;
    FOR place IN
        SELECT each FROM (
            SELECT unnest(range_agg(int4range((span->>0)::int, (span->>1)::int))) AS each
            FROM privacy_identitymark, jsonb_array_elements(spans) AS span
            WHERE sha256 = digest AND id > lifted) AS places
        ORDER BY lower(each) DESC
    LOOP
        seen := overlay(seen PLACING '█████' FROM lower(place) + 1 FOR upper(place) - lower(place));
    END LOOP;
    RETURN seen;
END $$;
