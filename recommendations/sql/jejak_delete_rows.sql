-- Runs these statements, which take a number as $1, with the triggers of these tables off.
-- Whoever calls it from outside of a deletion acts in their own name, and may not.
CREATE OR REPLACE FUNCTION jejak_delete_rows(tables text[], statements text[], number bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    keys text;
    part text;
BEGIN
    -- Rows whose keys are still to be checked would keep ALTER TABLE from its work.
    SELECT string_agg(DISTINCT quote_ident(conname), ', ') INTO keys
    FROM pg_constraint
    WHERE contype = 'f' AND condeferrable
      AND (conrelid = ANY(tables::regclass[]) OR confrelid = ANY(tables::regclass[]));
    EXECUTE 'SET CONSTRAINTS ' || keys || ' IMMEDIATE';
    FOREACH part IN ARRAY tables LOOP
        EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', part);
    END LOOP;
    FOREACH part IN ARRAY statements LOOP
        EXECUTE part USING number;
    END LOOP;
    FOREACH part IN ARRAY tables LOOP
        EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', part);
    END LOOP;
    EXECUTE 'SET CONSTRAINTS ' || keys || ' DEFERRED';
END $$;
