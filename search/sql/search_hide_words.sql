-- Fills in what is left of a row of words for who may not see hidden ones (ADR 77); a new mark writes the rows of its text again.
-- What a file holds is looked at as a whole: where it seems to identify somebody, its agency alone finds by it.
CREATE OR REPLACE FUNCTION search_hide_words() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    item recommendations_item;
    document evidence_document;
    inside text := '';
    given text[];
    shown text[];
BEGIN
    CASE TG_TABLE_NAME
    WHEN 'search_itemwords' THEN
        SELECT * INTO STRICT item FROM recommendations_item WHERE id = NEW.item_id;
        given := ARRAY[item.text_ms, item.text_en, item.title_ms, item.title_en];
    WHEN 'search_narrativewords' THEN
        SELECT ARRAY[narrative] INTO STRICT given FROM recommendations_submission WHERE id = NEW.submission_id;
    WHEN 'search_commentwords' THEN
        SELECT ARRAY[text] INTO STRICT given FROM recommendations_comment WHERE id = NEW.comment_id;
    WHEN 'search_documentwords' THEN
        SELECT * INTO STRICT document FROM evidence_document WHERE id = NEW.document_id;
        inside := search_inside_document(document);
        given := ARRAY[document.original_name, document.reference_number, inside];
    END CASE;
    NEW.texts := search_digests(given);
    NEW.marks := search_marks(NEW.texts);
    NEW.readers := search_readers(NEW.texts);
    IF inside <> '' AND EXISTS (SELECT FROM evidence_documenttext
                                WHERE document_id = document.id AND coalesce(identities, '{}') <> '{}') THEN
        inside := '';
        NEW.readers := CASE WHEN NEW.readers IS NULL OR document.agency_id = ANY (NEW.readers)
                       THEN ARRAY[document.agency_id] ELSE '{}' END;
    END IF;
    NEW.shown_words := NULL;
    IF NEW.readers IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT array_agg(jejak_shown(each, NULL, false) ORDER BY place) INTO shown
    FROM unnest(given) WITH ORDINALITY AS texts (each, place);
    CASE TG_TABLE_NAME
    WHEN 'search_itemwords' THEN
        item.text_ms := shown[1];
        item.text_en := shown[2];
        item.title_ms := shown[3];
        item.title_en := shown[4];
        NEW.shown_words := search_words_of_item(item);
    WHEN 'search_documentwords' THEN
        NEW.shown_words := search_words_of_document(
            shown[1], shown[2], CASE WHEN inside <> '' THEN shown[3] ELSE '' END);
    ELSE
        NEW.shown_words := jejak_words(shown[1]);
    END CASE;
    RETURN NEW;
END
$$;
