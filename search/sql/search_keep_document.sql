-- Keeps the words of a document, until it is sealed.
CREATE OR REPLACE FUNCTION search_keep_document() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    document evidence_document;
BEGIN
    IF TG_TABLE_NAME = 'evidence_document' THEN
        document := NEW;
    ELSE
        SELECT * INTO STRICT document FROM evidence_document WHERE id = NEW.document_id;
    END IF;
    IF document.sealed_at IS NOT NULL THEN
        DELETE FROM search_documentwords WHERE document_id = document.id;
    ELSE
        INSERT INTO search_documentwords (document_id, agency_id, words)
        VALUES (document.id, document.agency_id, search_words_of_document(document))
        ON CONFLICT (document_id) DO UPDATE SET words = EXCLUDED.words;
    END IF;
    RETURN NULL;
END
$$;
