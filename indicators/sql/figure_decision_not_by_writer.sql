-- Who wrote or sent a month decides on none of its figures.
CREATE OR REPLACE FUNCTION figure_decision_not_by_writer() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM public.indicators_sentfigure sent
        JOIN public.indicators_figuresubmission submission ON submission.id = sent.submission_id
        JOIN public.indicators_figurereportwriter writer ON writer.report_id = submission.report_id
        WHERE sent.id = NEW.sent_id AND writer.user_id = NEW.decided_by_id
    ) THEN
        RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'not_by_writer';
    END IF;
    RETURN NEW;
END $$;
