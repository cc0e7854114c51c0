-- Who answered for the items of a cycle in these stages, and what had become of it, as recorded before an instant. Each
-- look-up takes the newest row before the instant from the end of an index, however many rows there are.
SELECT assignment.item_id, assignment.id, assignment.agency_id, agency.code, agency.name_ms, agency.name_en,
       terms.role, terms.stage, terms.due_on, terms.next_due_on,
       CASE WHEN assignment.confirmed_at < %(before)s::timestamptz THEN assignment.confirmed_at END,
       outcome.status, outcome.percent, outcome.decided_at, claim.status, claim.percent, claim.classification,
       CASE WHEN outcome.waiting_id IS NOT NULL THEN latest.submitted_at END,
       returned.decided_at, latest.update_id,
       greatest(latest.classification, (
           SELECT max(document.classification)
           FROM recommendations_submissiondocument link
           JOIN evidence_document document ON document.id = link.document_id
           WHERE link.submission_id = latest.id AND document.stored_name <> '')),
       EXISTS (SELECT 1
               FROM recommendations_assignmentrequest request
               WHERE request.assignment_id = assignment.id
                 AND request.asked_at < %(before)s::timestamptz
                 AND (request.answered_at IS NULL OR request.answered_at >= %(before)s::timestamptz))
FROM recommendations_item item
JOIN recommendations_assignment assignment ON assignment.item_id = item.id
JOIN outcome_at(%(before)s) outcome ON outcome.assignment_id = assignment.id
CROSS JOIN LATERAL (
    SELECT version.role, version.stage, version.due_on, version.next_due_on
    FROM recommendations_assignmentversion version
    WHERE version.assignment_id = assignment.id AND version.began_at < %(before)s::timestamptz
      AND (version.ended_at IS NULL OR version.ended_at >= %(before)s::timestamptz)
    ORDER BY version.began_at DESC LIMIT 1) terms
CROSS JOIN LATERAL (
    SELECT version.code, version.name_ms, version.name_en
    FROM accounts_agencyversion version
    WHERE version.agency_id = assignment.agency_id AND version.began_at < %(before)s::timestamptz
      AND (version.ended_at IS NULL OR version.ended_at >= %(before)s::timestamptz)
    ORDER BY version.began_at DESC LIMIT 1) agency
LEFT JOIN recommendations_review verdict ON verdict.id = outcome.verdict_id
LEFT JOIN recommendations_submission claim ON claim.id = verdict.submission_id
LEFT JOIN recommendations_review returned ON returned.id = outcome.returned_id
LEFT JOIN recommendations_submission latest ON latest.id = coalesce(outcome.waiting_id, returned.submission_id)
WHERE item.cycle_id = %(cycle)s AND terms.stage = ANY(%(stages)s)
ORDER BY terms.role, agency.code, assignment.id
