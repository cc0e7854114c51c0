-- The state of one cycle as at an instant, written by hand in one statement: what the product is measured against.
-- For every item, with each agency on it, whatever the product's own reading tells. Each LATERAL takes one row from the
-- end of an index: the version that held, the newest verdict (from the index alone), the newest update.
-- Parameters: cycle, before ('infinity' asks for now).
WITH assignments AS (
    SELECT assignment.item_id, assignment.id AS assignment_id, agency.code, agency.name_ms, agency.name_en,
           version.role, version.stage, version.due_on, version.next_due_on,
           (CASE WHEN verdict.decided_at IS NOT NULL THEN verdict.decided_at
                 WHEN assignment.confirmed_at < %(before)s::timestamptz THEN assignment.confirmed_at
            END AT TIME ZONE 'Asia/Kuala_Lumpur')::date AS silent_since,
           coalesce(verdict.status, 'none') AS status, coalesce(verdict.percent, 0) AS percent, verdict.decided_at,
           claim.status AS claim_status, claim.percent AS claim_percent,
           CASE WHEN latest.returned_at IS NULL THEN latest.submitted_at END AS waiting_since, latest.returned_at,
           EXISTS (
               SELECT 1 FROM recommendations_assignmentrequest request
               WHERE request.assignment_id = assignment.id AND request.asked_at < %(before)s::timestamptz
                 AND (request.answered_at IS NULL OR request.answered_at >= %(before)s::timestamptz)) AS has_request
    FROM recommendations_item item
    JOIN recommendations_assignment assignment ON assignment.item_id = item.id
    CROSS JOIN LATERAL (
        SELECT version.role, version.stage, version.due_on, version.next_due_on
        FROM recommendations_assignmentversion version
        WHERE version.assignment_id = assignment.id AND version.began_at < %(before)s::timestamptz
        ORDER BY version.began_at DESC LIMIT 1) version
    CROSS JOIN LATERAL (
        SELECT version.code, version.name_ms, version.name_en FROM accounts_agencyversion version
        WHERE version.agency_id = assignment.agency_id AND version.began_at < %(before)s::timestamptz
        ORDER BY version.began_at DESC LIMIT 1) agency
    LEFT JOIN LATERAL (
        SELECT review.status, review.percent, review.decided_at, review.submission_id
        FROM recommendations_review review
        WHERE review.assignment_id = assignment.id AND review.decision = 'accept'
          AND review.decided_at < %(before)s::timestamptz
        ORDER BY review.decided_at DESC, review.id DESC LIMIT 1) verdict ON true
    LEFT JOIN recommendations_submission claim ON claim.id = verdict.submission_id
    LEFT JOIN LATERAL (
        SELECT submission.submitted_at, decision.decided_at AS returned_at
        FROM (SELECT id, closed_at FROM recommendations_update
              WHERE assignment_id = assignment.id AND created_at < %(before)s::timestamptz
              ORDER BY created_at DESC, id DESC LIMIT 1) newest
        JOIN recommendations_submission submission
            ON submission.update_id = newest.id AND submission.submitted_at < %(before)s::timestamptz
        LEFT JOIN recommendations_review decision
            ON decision.submission_id = submission.id AND decision.decided_at < %(before)s::timestamptz
        WHERE (newest.closed_at IS NULL OR newest.closed_at >= %(before)s::timestamptz)
        ORDER BY submission.number DESC LIMIT 1) latest ON true
    WHERE item.cycle_id = %(cycle)s AND version.stage <> 'ended'
), verdicts AS (
    SELECT item_id,
           max(status) FILTER (WHERE role = 'lead') AS status,
           max(percent) FILTER (WHERE role = 'lead') AS percent,
           count(*) FILTER (WHERE role = 'support' AND status <> 'done') AS open_supports
    FROM assignments WHERE stage = 'confirmed' GROUP BY item_id
)
SELECT item.id, item.kind, item.number, version.text_ms, version.text_en, version.title_ms,
       version.title_en, version.pillar,
       ARRAY(SELECT link.answer_id FROM recommendations_itemlinkversion link
             WHERE link.weakness_id = item.id AND link.began_at < %(before)s::timestamptz
               AND (link.ended_at IS NULL OR link.ended_at >= %(before)s::timestamptz)
             ORDER BY link.answer_id) AS answer_ids,
       CASE WHEN override.status IS NOT NULL THEN override.status
            WHEN verdicts.status = 'done' AND verdicts.open_supports > 0 THEN 'progress'
            ELSE coalesce(verdicts.status, 'none') END AS status,
       CASE WHEN override.status IS NOT NULL THEN override.percent
            WHEN verdicts.status = 'done' AND verdicts.open_supports > 0 THEN 99
            ELSE coalesce(verdicts.percent, 0) END AS percent,
       override.reason, override.set_at,
       (SELECT event.actor_name FROM audit_event event
        WHERE event.object_type = 'recommendations.ItemOverride' AND event.object_id = override.id::text
        ORDER BY event.id LIMIT 1) AS set_by,
       assignments.*
FROM recommendations_item item
CROSS JOIN LATERAL (
    SELECT version.text_ms, version.text_en, version.title_ms, version.title_en, version.pillar
    FROM recommendations_itemversion version
    WHERE version.item_id = item.id AND version.began_at < %(before)s::timestamptz
    ORDER BY version.began_at DESC LIMIT 1) version
LEFT JOIN recommendations_itemoverride override
    ON override.item_id = item.id AND override.set_at < %(before)s::timestamptz
   AND (override.ended_at IS NULL OR override.ended_at >= %(before)s::timestamptz)
LEFT JOIN verdicts ON verdicts.item_id = item.id
LEFT JOIN assignments ON assignments.item_id = item.id
WHERE item.cycle_id = %(cycle)s AND item.kind <> 'achievement'
ORDER BY item.kind, item.number, assignments.role, assignments.code
