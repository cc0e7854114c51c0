-- Keeps the words of a report as it was sent.
CREATE OR REPLACE FUNCTION search_keep_narrative() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO search_narrativewords (submission_id, item_id, agency_id, words)
    SELECT NEW.id, assignment.item_id, assignment.agency_id, jejak_words(NEW.narrative)
    FROM recommendations_update update
    JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id
    WHERE update.id = NEW.update_id AND NOT update.is_nothing_new;
    RETURN NULL;
END
$$;
