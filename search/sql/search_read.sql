-- Fills in a row of words from the texts that it is about; what may not be found gets no row. `words` are made where they are
-- empty, and what is left of them for who may not see hidden words each time (ADR 11).
CREATE OR REPLACE FUNCTION search_read() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    given text[];
    names integer := 0;
    -- What a file holds is looked at as a whole: where it seems to identify somebody, its agency alone finds by it.
    identifies boolean := false;
BEGIN
    CASE TG_TABLE_NAME
    WHEN 'search_itemwords' THEN
        -- It is also found by its first letter and number in either language: S9 and R9, K3 and W3, P2 and A2.
        names := 1;
        SELECT ARRAY[format(CASE kind WHEN 'recommendation' THEN 'syor recommendation %1$s s%1$s r%1$s'
                                      WHEN 'weakness' THEN 'kelemahan weakness %1$s k%1$s w%1$s'
                                      ELSE 'pencapaian achievement %1$s p%1$s a%1$s' END, number),
                     title_ms, title_en, text_ms, text_en]
        INTO given FROM recommendations_item WHERE id = NEW.item_id;
    WHEN 'search_narrativewords' THEN
        SELECT ARRAY[submission.narrative], assignment.item_id, assignment.agency_id
        INTO given, NEW.item_id, NEW.agency_id
        FROM recommendations_submission submission
        JOIN recommendations_update update ON update.id = submission.update_id
        JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id
        WHERE submission.id = NEW.submission_id
          AND NOT update.is_nothing_new AND update.state NOT IN ('withdrawn', 'discarded');
    WHEN 'search_commentwords' THEN
        SELECT ARRAY[text] INTO given FROM recommendations_comment WHERE id = NEW.comment_id;
    WHEN 'search_documentwords' THEN
        names := 2;
        SELECT ARRAY[document.original_name, document.reference_number, coalesce(inside.text, '')],
               document.agency_id, inside.text <> '' AND coalesce(inside.identities, '{}') <> '{}'
        INTO given, NEW.agency_id, identifies
        FROM evidence_document document
        LEFT JOIN evidence_documenttext inside ON inside.document_id = document.id
            AND (document.state = 'kept' OR document.frozen_at IS NOT NULL)
        WHERE document.id = NEW.document_id AND document.sealed_at IS NULL;
    END CASE;
    IF given IS NULL THEN
        RETURN NULL;
    END IF;
    NEW.words := coalesce(NEW.words, search_words(given, names));
    -- A text is known by its SHA-256, as marks know it (ADR 18). Marks are only added: another number says that they are others.
    NEW.texts := ARRAY(
        SELECT DISTINCT encode(sha256(convert_to(each, 'UTF8')), 'hex') FROM unnest(given) each WHERE each <> '' ORDER BY 1);
    NEW.marks := (SELECT count(*) FROM privacy_identitymark WHERE sha256 = ANY (NEW.texts));
    -- The agencies that read all of these texts whole; NULL if nothing of any is hidden.
    NEW.readers := NULL;
    IF NEW.marks > 0 THEN
        WITH standing AS (
            SELECT sha256, agency_id FROM privacy_identitymark mark
            WHERE sha256 = ANY (NEW.texts) AND is_hidden AND NOT EXISTS (
                SELECT FROM privacy_identitymark lifted
                WHERE lifted.sha256 = mark.sha256 AND NOT lifted.is_hidden AND lifted.id > mark.id))
        SELECT CASE WHEN count(*) > 0 THEN ARRAY(
            SELECT agency_id FROM standing WHERE agency_id IS NOT NULL GROUP BY agency_id
            HAVING count(DISTINCT sha256) = (SELECT count(DISTINCT sha256) FROM standing)) END
        INTO NEW.readers FROM standing;
    END IF;
    IF identifies THEN
        given[3] := '';
        NEW.readers := CASE WHEN NEW.readers IS NULL OR NEW.agency_id = ANY (NEW.readers)
                       THEN ARRAY[NEW.agency_id] ELSE '{}' END;
    END IF;
    NEW.shown_words := CASE WHEN NEW.readers IS NOT NULL THEN search_words(ARRAY(
        SELECT jejak_shown(each, NULL, false) FROM unnest(given) WITH ORDINALITY AS texts (each, place) ORDER BY place
    ), names) END;
    RETURN NEW;
END
$$;
