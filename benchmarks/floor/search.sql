-- What a search must do at the least: full text with the same rights in its WHERE, the newest first, counted up to 20.
-- One statement a kind, each giving the newest three as a page shows them, unmarked, with the count; %(question)s is read
-- as the product reads it.
-- Rights as the rules have them: clearance bounds everything, an update's class is the highest of its own and its files'.

-- items
SELECT item_id, count(*) OVER (), kind, number, text_ms, text_en, title_ms, title_en, year
FROM (
    SELECT item_id
    FROM (
        SELECT item_id FROM search_itemwords WHERE words @@ jejak_query(%(question)s)
        UNION
        SELECT assignment.item_id
        FROM recommendations_assignment assignment JOIN accounts_agency agency ON agency.id = assignment.agency_id
        WHERE upper(agency.code) = upper(%(question)s) AND assignment.stage = 'confirmed'
    ) answered
    ORDER BY item_id DESC LIMIT 11
) found
JOIN recommendations_item item ON item.id = item_id
JOIN recommendations_cycle cycle ON cycle.id = cycle_id
ORDER BY item_id DESC LIMIT 3;

-- agencies
SELECT agency.id, count(*) OVER (), code, name_ms, name_en
FROM (
    SELECT id
    FROM accounts_agency
    WHERE is_active AND jejak_words(concat_ws(' ', code, name_ms, name_en)) @@ jejak_query(%(question)s)
    ORDER BY id DESC LIMIT 11
) found
JOIN accounts_agency agency ON agency.id = found.id
ORDER BY agency.id DESC LIMIT 3;

-- updates, for MAPO
SELECT submission_id, count(*) OVER (), submission.narrative, submission.submitted_at, update.state, code, name_ms, name_en, kind,
    item.number, title_ms, title_en, year
FROM (
    SELECT words.submission_id
    FROM search_narrativewords words
    JOIN recommendations_submission submission ON submission.id = words.submission_id
    JOIN recommendations_update update ON update.id = submission.update_id
    WHERE words.words @@ jejak_query(%(question)s)
      AND submission.classification <= %(clearance)s AND update.classification <= %(clearance)s
      AND update.state NOT IN ('draft', 'discarded')
      AND NOT EXISTS (
          SELECT FROM recommendations_submissiondocument link JOIN evidence_document file ON file.id = link.document_id
          WHERE link.submission_id = submission.id AND file.stored_name <> '' AND file.classification > %(clearance)s)
      AND NOT EXISTS (
          SELECT FROM recommendations_citation link JOIN evidence_document file ON file.id = link.document_id
          WHERE link.update_id = update.id AND file.stored_name <> '' AND file.classification > %(clearance)s)
    ORDER BY words.submission_id DESC LIMIT 11
) found
JOIN recommendations_submission submission ON submission.id = submission_id
JOIN recommendations_update update ON update.id = update_id
JOIN recommendations_assignment assignment ON assignment.id = assignment_id
JOIN accounts_agency agency ON agency.id = assignment.agency_id
JOIN recommendations_item item ON item.id = item_id
JOIN recommendations_cycle cycle ON cycle.id = cycle_id
ORDER BY submission_id DESC LIMIT 3;

-- updates, for an agency
SELECT submission_id, count(*) OVER (), submission.narrative, submission.submitted_at, update.state, code, name_ms, name_en, kind,
    item.number, title_ms, title_en, year
FROM (
    SELECT words.submission_id
    FROM search_narrativewords words
    JOIN recommendations_submission submission ON submission.id = words.submission_id
    JOIN recommendations_update update ON update.id = submission.update_id
    JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id
    WHERE words.words @@ jejak_query(%(question)s)
      AND submission.classification <= %(clearance)s
      AND NOT EXISTS (
          SELECT FROM recommendations_submissiondocument link JOIN evidence_document file ON file.id = link.document_id
          WHERE link.submission_id = submission.id AND file.stored_name <> '' AND file.classification > %(clearance)s)
      AND ((assignment.agency_id = %(agency)s AND assignment.confirmed_at IS NOT NULL
            AND update.classification <= %(clearance)s
            AND NOT EXISTS (
                SELECT FROM recommendations_citation link JOIN evidence_document file ON file.id = link.document_id
                WHERE link.update_id = update.id AND file.stored_name <> '' AND file.classification > %(clearance)s))
        OR (EXISTS (SELECT FROM recommendations_review review
                    WHERE review.submission_id = submission.id AND review.decision = 'accept')
            AND (assignment.agency_id = %(agency)s OR EXISTS (
                SELECT FROM recommendations_assignment own
                WHERE own.item_id = assignment.item_id AND own.agency_id = %(agency)s AND own.stage = 'confirmed'))))
    ORDER BY words.submission_id DESC LIMIT 11
) found
JOIN recommendations_submission submission ON submission.id = submission_id
JOIN recommendations_update update ON update.id = update_id
JOIN recommendations_assignment assignment ON assignment.id = assignment_id
JOIN accounts_agency agency ON agency.id = assignment.agency_id
JOIN recommendations_item item ON item.id = item_id
JOIN recommendations_cycle cycle ON cycle.id = cycle_id
ORDER BY submission_id DESC LIMIT 3;

-- drafts, for an agency
SELECT update.id, count(*) OVER (), narrative, saved_at, update.state, code, name_ms, name_en, kind, item.number, title_ms,
    title_en, year
FROM (
    SELECT update.id
    FROM recommendations_update update
    JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id
    WHERE update.state IN ('draft', 'returned') AND assignment.agency_id = %(agency)s
      AND assignment.confirmed_at IS NOT NULL AND update.classification <= %(clearance)s
      AND NOT EXISTS (
          SELECT FROM recommendations_submission submission
          WHERE submission.update_id = update.id AND submission.revision = update.revision)
      AND NOT EXISTS (
          SELECT FROM recommendations_citation link JOIN evidence_document file ON file.id = link.document_id
          WHERE link.update_id = update.id AND file.stored_name <> '' AND file.classification > %(clearance)s)
      AND jejak_words(update.narrative) @@ jejak_query(%(question)s)
    ORDER BY update.id DESC LIMIT 11
) found
JOIN recommendations_update update ON update.id = found.id
JOIN recommendations_assignment assignment ON assignment.id = assignment_id
JOIN accounts_agency agency ON agency.id = assignment.agency_id
JOIN recommendations_item item ON item.id = item_id
JOIN recommendations_cycle cycle ON cycle.id = cycle_id
ORDER BY update.id DESC LIMIT 3;

-- comments, for MAPO
SELECT comment_id, count(*) OVER (), comment.text, written_at, author.name, code, name_ms, name_en, kind, item.number, title_ms,
    title_en, year
FROM (
    SELECT words.comment_id
    FROM search_commentwords words JOIN recommendations_comment comment ON comment.id = words.comment_id
    WHERE words.words @@ jejak_query(%(question)s) AND comment.classification <= %(clearance)s
    ORDER BY words.comment_id DESC LIMIT 11
) found
JOIN recommendations_comment comment ON comment.id = comment_id
JOIN accounts_user author ON author.id = author_id
JOIN recommendations_assignment assignment ON assignment.id = assignment_id
JOIN accounts_agency agency ON agency.id = assignment.agency_id
JOIN recommendations_item item ON item.id = item_id
JOIN recommendations_cycle cycle ON cycle.id = cycle_id
ORDER BY comment_id DESC LIMIT 3;

-- comments, for an agency
SELECT comment_id, count(*) OVER (), comment.text, written_at, author.name, code, name_ms, name_en, kind, item.number, title_ms,
    title_en, year
FROM (
    SELECT words.comment_id
    FROM search_commentwords words
    JOIN recommendations_comment comment ON comment.id = words.comment_id
    JOIN recommendations_assignment assignment ON assignment.id = comment.assignment_id
    WHERE words.words @@ jejak_query(%(question)s) AND comment.classification <= %(clearance)s
      AND assignment.agency_id = %(agency)s AND assignment.confirmed_at IS NOT NULL
    ORDER BY words.comment_id DESC LIMIT 11
) found
JOIN recommendations_comment comment ON comment.id = comment_id
JOIN accounts_user author ON author.id = author_id
JOIN recommendations_assignment assignment ON assignment.id = assignment_id
JOIN accounts_agency agency ON agency.id = assignment.agency_id
JOIN recommendations_item item ON item.id = item_id
JOIN recommendations_cycle cycle ON cycle.id = cycle_id
ORDER BY comment_id DESC LIMIT 3;

-- documents, for MAPO
SELECT found.document_id, count(*) OVER (), original_name, reference_number, left(text, 900), received_at, document.state,
    media_type, classification, code, name_ms, name_en
FROM (
    SELECT words.document_id
    FROM search_documentwords words JOIN evidence_document document ON document.id = words.document_id
    WHERE words.words @@ jejak_query(%(question)s) AND document.sealed_at IS NULL
      AND (document.classification <= %(clearance)s OR (document.stored_name = '' AND document.uploaded_by_id = %(person)s))
    ORDER BY words.document_id DESC LIMIT 11
) found
JOIN evidence_document document ON document.id = found.document_id
JOIN accounts_agency agency ON agency.id = document.agency_id
LEFT JOIN evidence_documenttext inside ON inside.document_id = document.id
ORDER BY found.document_id DESC LIMIT 3;

-- documents, for an agency
SELECT found.document_id, count(*) OVER (), original_name, reference_number, left(text, 900), received_at, document.state,
    media_type, classification, code, name_ms, name_en
FROM (
    SELECT words.document_id
    FROM search_documentwords words JOIN evidence_document document ON document.id = words.document_id
    WHERE words.words @@ jejak_query(%(question)s) AND document.sealed_at IS NULL
      AND document.agency_id = %(agency)s
      AND (document.classification <= %(clearance)s OR (document.stored_name = '' AND document.uploaded_by_id = %(person)s))
    ORDER BY words.document_id DESC LIMIT 11
) found
JOIN evidence_document document ON document.id = found.document_id
JOIN accounts_agency agency ON agency.id = document.agency_id
LEFT JOIN evidence_documenttext inside ON inside.document_id = document.id
ORDER BY found.document_id DESC LIMIT 3;
