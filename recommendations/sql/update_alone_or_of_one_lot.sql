-- A batch's rows may be open side by side, but neither beside another batch nor beside an update typed by hand.
CREATE OR REPLACE FUNCTION update_alone_or_of_one_lot() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM public.recommendations_update other
        WHERE other.assignment_id = NEW.assignment_id AND other.state IN ('draft', 'submitted', 'returned')
          AND other.opening_id IS DISTINCT FROM NEW.opening_id
    ) THEN
        RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'alone_or_of_one_lot';
    END IF;
    RETURN NEW;
END $$;
