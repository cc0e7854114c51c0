-- First decisions alone: a corrected verdict is a second one. The rows of an opening import are one decision on what
-- an agency did long before, so they are left out; they are looked up by their index, once for all decisions.
WITH parts AS (
    SELECT assignment.id
    FROM recommendations_item item
    JOIN recommendations_assignment assignment ON assignment.item_id = item.id
    WHERE item.cycle_id = %(cycle)s AND item.kind <> 'achievement'
), decided AS (
    SELECT review.submission_id, review.decided_at
    FROM parts JOIN recommendations_review review ON review.assignment_id = parts.id
    WHERE review.decision = 'accept' AND review.supersedes_id IS NULL
      AND review.decided_at >= %(first)s AND review.decided_at < %(before)s
    UNION ALL
    SELECT review.submission_id, review.decided_at
    FROM parts JOIN recommendations_review review ON review.assignment_id = parts.id
    WHERE review.decision = 'return'
      AND review.decided_at >= %(first)s AND review.decided_at < %(before)s
)
SELECT date_trunc('month', decided.decided_at AT TIME ZONE 'Asia/Kuala_Lumpur')::date,
       percentile_cont(0.5) WITHIN GROUP (
           ORDER BY extract(epoch FROM decided.decided_at - submission.submitted_at)) / 86400,
       count(*)
FROM decided
JOIN recommendations_submission submission ON submission.id = decided.submission_id
WHERE submission.update_id NOT IN (SELECT id FROM recommendations_update WHERE opening_id IS NOT NULL)
GROUP BY 1
