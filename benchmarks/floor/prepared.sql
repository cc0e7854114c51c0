-- What a meeting gathers between two days, beside the state of its cycle (state.sql), written by hand: every decision of the
-- days with the person's name, and the median of days that MAPO took, month by month. Parameters: cycle, begin, before.
WITH parts AS (
    SELECT assignment.id, assignment.item_id, assignment.agency_id
    FROM recommendations_item item
    JOIN recommendations_assignment assignment ON assignment.item_id = item.id
    WHERE item.cycle_id = %(cycle)s AND item.kind <> 'achievement'
), decisions AS (
    SELECT parts.item_id, parts.agency_id, review.decided_at, review.decision, review.status, review.percent,
           review.reason, person.name
    FROM parts
    JOIN recommendations_review review ON review.assignment_id = parts.id
    JOIN accounts_user person ON person.id = review.reviewer_id
    WHERE review.decision = 'accept' AND review.decided_at >= %(begin)s AND review.decided_at < %(before)s
    UNION ALL
    SELECT parts.item_id, parts.agency_id, review.decided_at, review.decision, review.status, review.percent,
           review.reason, person.name
    FROM parts
    JOIN recommendations_review review ON review.assignment_id = parts.id
    JOIN accounts_user person ON person.id = review.reviewer_id
    WHERE review.decision = 'return' AND review.decided_at >= %(begin)s AND review.decided_at < %(before)s
), months AS (
    SELECT date_trunc('month', review.decided_at AT TIME ZONE 'Asia/Kuala_Lumpur') AS month,
           percentile_cont(0.5) WITHIN GROUP (
               ORDER BY extract(epoch FROM review.decided_at - submission.submitted_at)) AS median,
           count(*) AS count
    FROM parts
    JOIN recommendations_review review ON review.assignment_id = parts.id
    JOIN recommendations_submission submission ON submission.id = review.submission_id
    WHERE review.supersedes_id IS NULL AND review.decided_at < %(before)s
      AND review.decided_at >= date_trunc('month', %(before)s::timestamptz - interval '5 months')
      AND review.decision IN ('accept', 'return')
      AND submission.update_id NOT IN (SELECT id FROM recommendations_update WHERE opening_id IS NOT NULL)
    GROUP BY 1
)
SELECT item_id, agency_id, decided_at, decision, status, percent, reason, name FROM decisions
UNION ALL
SELECT NULL, NULL, month, NULL, NULL, count::integer, NULL, median::text FROM months
