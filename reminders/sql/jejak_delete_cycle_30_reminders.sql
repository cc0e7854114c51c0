-- Deletes the rules of a cycle's reminders.
CREATE OR REPLACE FUNCTION jejak_delete_cycle_30_reminders(unwanted bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM jejak_delete_rows(
        ARRAY['reminders_reminderrule'],
        ARRAY['DELETE FROM reminders_reminderrule WHERE cycle_id = $1'],
        unwanted
    );
END $$;
