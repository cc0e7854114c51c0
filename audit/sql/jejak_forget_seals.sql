-- Forgets what was noted of seals that have become useless.
CREATE OR REPLACE FUNCTION jejak_forget_seals() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Long after a seal of that age has become useless, because its instant is no longer the present one.
    DELETE FROM public.audit_seal WHERE used_at < clock_timestamp() - interval '1 day';
END $$;
