-- Follows the relations of `nudge_relations`: each of those who are told of an assignment, once.
SELECT DISTINCT ON (assignment_id, recipient) assignment_id, recipient, user_id, mailbox_id, step, in_place_of_id
FROM allowed
ORDER BY assignment_id, recipient, in_place_of_id NULLS FIRST
