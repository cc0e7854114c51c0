-- How many marks there are of these texts. Marks are only added: another number says that they are others.
CREATE OR REPLACE FUNCTION search_marks(digests text[]) RETURNS integer
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*)::integer FROM privacy_identitymark WHERE sha256 = ANY (digests)
$$;
