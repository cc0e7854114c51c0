-- The text inside a document that may be searched.
CREATE OR REPLACE FUNCTION search_inside_document(document evidence_document) RETURNS text
    LANGUAGE sql STABLE
    RETURN CASE WHEN document.state = 'kept' OR document.frozen_at IS NOT NULL
        THEN coalesce((SELECT text FROM evidence_documenttext WHERE document_id = document.id), '')
        ELSE '' END;
