-- Every turn of one cycle's items, oldest first: the least that a trend can be counted from.
-- Parameter: cycle.
WITH items AS (
    SELECT id FROM recommendations_item WHERE cycle_id = %(cycle)s AND kind <> 'achievement'
)
SELECT version.began_at AS at, items.id, version.assignment_id, version.role, version.stage
FROM items JOIN recommendations_assignmentversion version ON version.item_id = items.id AND version.is_turn
UNION ALL
SELECT review.decided_at, items.id, review.assignment_id, review.status, ''
FROM items JOIN recommendations_review review ON review.item_id = items.id AND review.is_turn
UNION ALL
SELECT override.set_at, items.id, override.id, override.status, override.reason
FROM items JOIN recommendations_itemoverride override ON override.item_id = items.id
ORDER BY at
