-- The SHA-256 of each of these texts. A text is known by it, as marks know it (ADR 57).
CREATE OR REPLACE FUNCTION search_digests(texts text[]) RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT ARRAY(
        SELECT DISTINCT encode(sha256(convert_to(each, 'UTF8')), 'hex') FROM unnest(texts) each WHERE each <> '' ORDER BY 1)
$$;
