-- The present instant; of a demonstration, that of its clock.
CREATE OR REPLACE FUNCTION jejak_now() RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    RETURN coalesce(jejak_seed(), clock_timestamp() + (SELECT "offset" FROM public.audit_clock));
END $$;
