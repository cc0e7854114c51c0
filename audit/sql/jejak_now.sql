-- The present instant; of a demonstration, that of its clock, or the one at which it is being told its past.
CREATE OR REPLACE FUNCTION jejak_now() RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    told text := nullif(current_setting('jejak.seed_at', true), '');
BEGIN
    IF told IS NOT NULL AND jejak_is_owner() AND EXISTS (SELECT FROM public.audit_clock WHERE is_demo) THEN
        RETURN told::timestamptz;
    END IF;
    RETURN clock_timestamp() + (SELECT "offset" FROM public.audit_clock);
END $$;
