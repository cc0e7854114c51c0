-- Says once a transaction that the marks are others (ADR 18).
CREATE OR REPLACE FUNCTION jejak_move_marks_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    here bigint := pg_current_xact_id()::text::bigint;
BEGIN
    INSERT INTO privacy_marksversion AS kept (id, moved_in) VALUES (1, here)
    ON CONFLICT (id) DO UPDATE SET moved_in = here WHERE kept.moved_in <> here;
    RETURN NULL;
END $$;
