"""What triggers of other tables ask: whether this installation acts in the transaction, and for whom."""

from django.db import migrations

VOUCHED = """
CREATE FUNCTION jejak_is_vouched(person bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Transactions are numbered anew in a restored cluster, so the row must be of this one's time too.
    RETURN jejak_is_owner() OR EXISTS (
        SELECT FROM public.audit_seal
        WHERE transaction = pg_current_xact_id()::text::bigint AND used_at >= transaction_timestamp()
          AND (person IS NULL OR actor_id = person)
    );
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_sealed_events")]

    operations = [migrations.RunSQL(VOUCHED, "DROP FUNCTION jejak_is_vouched(bigint)")]
