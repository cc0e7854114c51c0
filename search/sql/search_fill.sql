-- Fills all tables of words anew.
CREATE OR REPLACE FUNCTION search_fill() RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO search_itemwords (item_id, words)
        SELECT item.id, search_words_of_item(item) FROM recommendations_item item ORDER BY item.id
        ON CONFLICT (item_id) DO UPDATE SET words = EXCLUDED.words;
    INSERT INTO search_narrativewords (submission_id, item_id, agency_id, words)
        SELECT submission.id, assignment.item_id, assignment.agency_id, jejak_words(submission.narrative)
        FROM recommendations_submission submission
        JOIN recommendations_update update ON update.id = submission.update_id
        JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id
        WHERE NOT update.is_nothing_new AND update.state NOT IN ('withdrawn', 'discarded') ORDER BY submission.id
        ON CONFLICT (submission_id) DO UPDATE SET words = EXCLUDED.words;
    INSERT INTO search_commentwords (comment_id, words)
        SELECT comment.id, jejak_words(comment.text) FROM recommendations_comment comment ORDER BY comment.id
        ON CONFLICT (comment_id) DO UPDATE SET words = EXCLUDED.words;
    INSERT INTO search_documentwords (document_id, agency_id, words)
        SELECT document.id, document.agency_id, search_words_of_document(document)
        FROM evidence_document document WHERE sealed_at IS NULL ORDER BY document.id
        ON CONFLICT (document_id) DO UPDATE SET words = EXCLUDED.words;
$$;
