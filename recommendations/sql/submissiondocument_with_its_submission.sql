-- A version that was sent gains no file afterwards.
CREATE OR REPLACE FUNCTION submissiondocument_with_its_submission() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.recommendations_submission submission
        JOIN public.recommendations_update update ON update.id = submission.update_id
        WHERE submission.id = NEW.submission_id AND update.state IN ('draft', 'returned')
          AND NOT EXISTS (SELECT FROM public.recommendations_review WHERE submission_id = submission.id)
    ) THEN
        RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'with_its_submission';
    END IF;
    RETURN NEW;
END $$;
