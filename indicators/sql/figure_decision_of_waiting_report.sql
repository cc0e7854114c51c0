-- A decision is on a figure of a month that waits; the figure that it makes is the one that was sent.
CREATE OR REPLACE FUNCTION figure_decision_of_waiting_report() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.indicators_sentfigure sent
        JOIN public.indicators_figuresubmission submission ON submission.id = sent.submission_id
        JOIN public.indicators_figurereport report ON report.id = submission.report_id
        LEFT JOIN public.indicators_figure figure ON figure.id = NEW.figure_id
        WHERE sent.id = NEW.sent_id AND report.state = 'submitted'
          AND (figure.id IS NULL
               OR (figure.series_id = sent.series_id AND figure.value = sent.value
                   AND figure.begins_on = report.month))
    ) THEN
        RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'of_waiting_report';
    END IF;
    RETURN NEW;
END $$;
