-- Keeps a row of words for whatever is written that can be found; `search_read` fills it in.
CREATE OR REPLACE FUNCTION search_keep() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    CASE TG_OP || ' ' || TG_TABLE_NAME
    WHEN 'INSERT recommendations_item' THEN
        INSERT INTO search_itemwords (item_id) VALUES (NEW.id);
    WHEN 'UPDATE recommendations_item' THEN
        UPDATE search_itemwords SET words = NULL WHERE item_id = NEW.id;
    WHEN 'INSERT recommendations_submission' THEN
        INSERT INTO search_narrativewords (submission_id) VALUES (NEW.id);
    WHEN 'UPDATE recommendations_update' THEN  -- withdrawn or discarded
        DELETE FROM search_narrativewords USING recommendations_submission submission
        WHERE submission_id = submission.id AND submission.update_id = NEW.id;
    WHEN 'INSERT recommendations_comment' THEN
        INSERT INTO search_commentwords (comment_id) VALUES (NEW.id);
    WHEN 'INSERT evidence_document' THEN
        INSERT INTO search_documentwords (document_id) VALUES (NEW.id);
    WHEN 'UPDATE evidence_document' THEN
        DELETE FROM search_documentwords WHERE document_id = NEW.id AND NEW.sealed_at IS NOT NULL;
        UPDATE search_documentwords SET words = NULL WHERE document_id = NEW.id;
    WHEN 'INSERT evidence_documenttext', 'UPDATE evidence_documenttext' THEN
        UPDATE search_documentwords SET words = NULL WHERE document_id = NEW.document_id;
    WHEN 'INSERT privacy_identitymark' THEN
        UPDATE search_itemwords SET marks = NULL WHERE texts @> ARRAY[NEW.sha256]::varchar[];
        UPDATE search_narrativewords SET marks = NULL WHERE texts @> ARRAY[NEW.sha256]::varchar[];
        UPDATE search_commentwords SET marks = NULL WHERE texts @> ARRAY[NEW.sha256]::varchar[];
        UPDATE search_documentwords SET marks = NULL WHERE texts @> ARRAY[NEW.sha256]::varchar[];
    END CASE;
    RETURN NULL;
END
$$;
