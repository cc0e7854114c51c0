-- A demonstration's clock moves forward alone; a database that holds records never becomes a demonstration.
CREATE OR REPLACE FUNCTION clock_forward() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.is_demo AND (NOT NEW.is_demo OR NEW."offset" < OLD."offset") THEN
        RAISE EXCEPTION 'jejak: the demo clock only moves forward' USING ERRCODE = 'JJ002';
    END IF;
    IF NOT OLD.is_demo AND EXISTS (SELECT FROM public.audit_event) THEN
        RAISE EXCEPTION 'jejak: this database already holds records' USING ERRCODE = 'JJ003';
    END IF;
    RETURN NEW;
END $$;
