-- Forgets the words of what was withdrawn or discarded.
CREATE OR REPLACE FUNCTION search_keep_state() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM search_narrativewords words USING recommendations_submission submission
    WHERE submission.update_id = NEW.id AND words.submission_id = submission.id;
    IF NEW.state NOT IN ('withdrawn', 'discarded') AND NOT NEW.is_nothing_new THEN
        INSERT INTO search_narrativewords (submission_id, item_id, agency_id, words)
        SELECT submission.id, assignment.item_id, assignment.agency_id, jejak_words(submission.narrative)
        FROM recommendations_submission submission
        JOIN recommendations_assignment assignment ON assignment.id = NEW.assignment_id
        WHERE submission.update_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;
