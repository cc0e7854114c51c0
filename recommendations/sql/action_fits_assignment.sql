-- A step of an assignment is of the same item and agency.
CREATE OR REPLACE FUNCTION action_fits_assignment() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.recommendations_assignment own
        WHERE own.id = NEW.assignment_id AND own.item_id = NEW.item_id AND own.agency_id = NEW.agency_id
    ) THEN
        RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'fits_assignment';
    END IF;
    RETURN NEW;
END $$;
