-- Where every assignment and setting of a cycle stood at the first of two instants, and what was recorded since. Each row is as
-- `RecordedChange` has it (what happened: 1 to 4 of `state_replay`, 5 for a return), and then what only a decision needs. Rows
-- of the first three parts are from before: they say where the replay begins. The end of a setting that was replaced is no
-- decision.
WITH items AS (
    SELECT id, kind, number FROM recommendations_item WHERE cycle_id = %(cycle)s AND kind <> 'achievement'
), parts AS (
    SELECT items.*, assignment.id AS assignment_id, assignment.agency_id
    FROM items JOIN recommendations_assignment assignment ON assignment.item_id = items.id
)
SELECT version.began_at AS at, 1 AS what, version.id AS row_id, parts.id AS item_id, parts.kind,
       parts.assignment_id, version.role AS first, version.stage AS second, 0 AS percent,
       parts.number, parts.agency_id, '' AS name, false AS is_correction
FROM parts CROSS JOIN LATERAL (
    SELECT newest.* FROM recommendations_assignmentversion newest
    WHERE newest.assignment_id = parts.assignment_id AND newest.began_at < %(begin)s
    ORDER BY newest.began_at DESC, newest.id DESC LIMIT 1) version
UNION ALL
SELECT review.decided_at, 2, review.id, parts.id, parts.kind, parts.assignment_id, review.status, '',
       review.percent, parts.number, parts.agency_id, '', false
FROM parts CROSS JOIN LATERAL (
    SELECT newest.* FROM recommendations_review newest
    WHERE newest.assignment_id = parts.assignment_id AND newest.decision = 'accept'
      AND newest.decided_at < %(begin)s
    ORDER BY newest.decided_at DESC, newest.id DESC LIMIT 1) review
UNION ALL
SELECT override.set_at, 3, override.id, items.id, items.kind, 0, override.status, override.reason,
       override.percent, items.number, 0, '', false
FROM items JOIN recommendations_itemoverride override ON override.item_id = items.id
WHERE override.set_at < %(begin)s AND (override.ended_at IS NULL OR override.ended_at >= %(begin)s)
UNION ALL
SELECT version.began_at, 1, version.id, parts.id, parts.kind, parts.assignment_id, version.role, version.stage,
       0, parts.number, parts.agency_id, '', false
FROM parts JOIN recommendations_assignmentversion version ON version.assignment_id = parts.assignment_id
WHERE version.is_turn AND version.began_at >= %(begin)s AND version.began_at < %(end)s
UNION ALL
SELECT review.decided_at, 2, review.id, parts.id, parts.kind, parts.assignment_id, review.status, '',
       review.percent, parts.number, parts.agency_id, '', review.supersedes_id IS NOT NULL
FROM parts JOIN recommendations_review review ON review.assignment_id = parts.assignment_id
WHERE review.decision = 'accept' AND review.decided_at >= %(begin)s AND review.decided_at < %(end)s
UNION ALL
SELECT review.decided_at, 5, review.id, parts.id, parts.kind, parts.assignment_id, '', '', 0,
       parts.number, parts.agency_id, '', false
FROM parts JOIN recommendations_review review ON review.assignment_id = parts.assignment_id
WHERE review.decision = 'return' AND review.decided_at >= %(begin)s AND review.decided_at < %(end)s
UNION ALL
SELECT override.set_at, 3, override.id, items.id, items.kind, 0, override.status, override.reason,
       override.percent, items.number, 0, person.name, false
FROM items JOIN recommendations_itemoverride override ON override.item_id = items.id
JOIN accounts_user person ON person.id = override.set_by_id
WHERE override.set_at >= %(begin)s AND override.set_at < %(end)s
UNION ALL
SELECT override.ended_at, 4, override.id, items.id, items.kind, 0, '', override.ended_reason, 0,
       items.number, 0, person.name, false
FROM items JOIN recommendations_itemoverride override ON override.item_id = items.id
JOIN accounts_user person ON person.id = override.ended_by_id
WHERE override.ended_at >= %(begin)s AND override.ended_at < %(end)s
  AND NOT EXISTS (SELECT FROM recommendations_itemoverride next WHERE next.replaces_id = override.id)
ORDER BY at, what, row_id
