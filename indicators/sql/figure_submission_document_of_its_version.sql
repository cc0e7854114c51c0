-- Evidence of one figure is evidence of one that was sent in the same version.
CREATE OR REPLACE FUNCTION figure_submission_document_of_its_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.indicators_sentfigure
        WHERE id = NEW.sent_id AND submission_id = NEW.submission_id
    ) THEN
        RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'of_its_version';
    END IF;
    RETURN NEW;
END $$;
