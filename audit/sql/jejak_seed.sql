-- The instant at which a demonstration is being told its past, else NULL.
CREATE OR REPLACE FUNCTION jejak_seed() RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    wanted text := nullif(current_setting('jejak.seed_at', true), '');
BEGIN
    IF wanted IS NOT NULL AND jejak_is_owner() AND EXISTS (SELECT FROM public.audit_clock WHERE is_demo) THEN
        RETURN wanted::timestamptz;
    END IF;
    RETURN NULL;
END $$;
