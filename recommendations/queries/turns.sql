-- Every turn of the items of a cycle, or of one item, oldest first: what happened is numbered as in `state_replay`.
WITH items AS (
    SELECT id, kind FROM recommendations_item WHERE (cycle_id = %(cycle)s OR id = %(item)s) AND kind <> 'achievement'
)
SELECT min(version.began_at) AS at, 0 AS what, 0::bigint AS id, items.id AS item_id, items.kind,
       0::bigint AS assignment_id, '' AS first, '' AS second, 0 AS percent
FROM items JOIN recommendations_itemversion version ON version.item_id = items.id
GROUP BY items.id, items.kind
UNION ALL
SELECT version.began_at, 1, version.id, items.id, '', version.assignment_id, version.role, version.stage, 0
FROM items JOIN recommendations_assignmentversion version ON version.item_id = items.id AND version.is_turn
UNION ALL
SELECT review.decided_at, 2, review.id, items.id, '', review.assignment_id, review.status, '', review.percent
FROM items JOIN recommendations_review review ON review.item_id = items.id AND review.is_turn
UNION ALL
SELECT override.set_at, 3, override.id, items.id, '', 0, override.status, override.reason, override.percent
FROM items JOIN recommendations_itemoverride override ON override.item_id = items.id
UNION ALL
SELECT override.ended_at, 4, override.id, items.id, '', 0, '', '', 0
FROM items JOIN recommendations_itemoverride override ON override.item_id = items.id
WHERE override.ended_at IS NOT NULL
ORDER BY at, what, id
