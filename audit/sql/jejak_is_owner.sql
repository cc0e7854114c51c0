-- Whether the session is that of the owner of the tables.
CREATE OR REPLACE FUNCTION jejak_is_owner() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- The session's user, not the current one: inside SECURITY DEFINER functions everybody is the owner.
    RETURN (
        SELECT pg_has_role(session_user, relowner, 'MEMBER')
        FROM pg_class WHERE oid = 'public.audit_event'::regclass
    );
END $$;
