-- The agencies that read all of these texts whole; NULL if nothing of any is hidden.
CREATE OR REPLACE FUNCTION search_readers(digests text[]) RETURNS bigint[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    WITH standing AS (
        SELECT sha256, agency_id FROM privacy_identitymark mark
        WHERE sha256 = ANY (digests) AND is_hidden AND NOT EXISTS (
            SELECT FROM privacy_identitymark lifted
            WHERE lifted.sha256 = mark.sha256 AND NOT lifted.is_hidden AND lifted.id > mark.id))
    SELECT CASE WHEN count(*) > 0 THEN ARRAY(
        SELECT agency_id FROM standing WHERE agency_id IS NOT NULL GROUP BY agency_id
        HAVING count(DISTINCT sha256) = (SELECT count(DISTINCT sha256) FROM standing)) END
    FROM standing
$$;
