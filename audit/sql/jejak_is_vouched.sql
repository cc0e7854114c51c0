-- Whether this installation vouched for the transaction, by a seal of this person where one is named (ADR 1).
CREATE OR REPLACE FUNCTION jejak_is_vouched(person bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Transactions are numbered anew in a restored cluster, so the row must be of this one's time too.
    RETURN jejak_is_owner() OR EXISTS (
        SELECT FROM public.audit_seal
        WHERE transaction = pg_current_xact_id()::text::bigint AND used_at >= transaction_timestamp()
          AND (person IS NULL OR actor_id = person)
    );
END $$;
