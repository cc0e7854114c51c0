-- Who wrote or sent an update does not decide on it.
CREATE OR REPLACE FUNCTION review_not_by_writer() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM public.recommendations_submission submission
        JOIN public.recommendations_updatewriter writer ON writer.update_id = submission.update_id
        WHERE submission.id = NEW.submission_id AND writer.user_id = NEW.reviewer_id
    ) THEN
        RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'not_by_writer';
    END IF;
    RETURN NEW;
END $$;
