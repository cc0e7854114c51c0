-- What a review repeats is what its submission says, and it corrects a verdict on the same one.
CREATE OR REPLACE FUNCTION review_of_its_submission() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.recommendations_submission submission
        JOIN public.recommendations_update update ON update.id = submission.update_id
        JOIN public.recommendations_assignment assignment ON assignment.id = update.assignment_id
        WHERE submission.id = NEW.submission_id AND assignment.id = NEW.assignment_id
          AND assignment.item_id = NEW.item_id
    ) OR (NEW.supersedes_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM public.recommendations_review superseded
        WHERE superseded.id = NEW.supersedes_id AND superseded.decision = NEW.decision
          AND superseded.submission_id = NEW.submission_id
    )) THEN
        RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'of_its_submission';
    END IF;
    RETURN NEW;
END $$;
