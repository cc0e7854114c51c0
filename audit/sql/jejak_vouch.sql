-- Notes that this installation acts in the transaction, without an Event (ADR 1).
CREATE OR REPLACE FUNCTION jejak_vouch(said text, seal text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    PERFORM jejak_unseal(said, seal, 'transaction', clock_timestamp());
END $$;
