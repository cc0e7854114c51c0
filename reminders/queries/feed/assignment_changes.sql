-- The changes to the agencies' assignments, without suggestions and without cycles that were closed before `since`.
-- The past of who is named is only in the audit log: each Event holds all who were named before and after it. `place`
-- and `rank` put what happened in one instant into the order in which it must have happened.
WITH own AS MATERIALIZED (
    SELECT assignment.id, assignment.created_at
    FROM recommendations_assignment assignment
    JOIN recommendations_item item ON item.id = assignment.item_id
    JOIN recommendations_cycle cycle ON cycle.id = item.cycle_id
    WHERE assignment.agency_id = ANY(%(agencies)s) AND assignment.confirmed_at IS NOT NULL
      AND (cycle.closed_at IS NULL OR cycle.closed_at > %(since)s)),
namings AS MATERIALIZED (
    SELECT own.id AS assignment_id, event.id, event.before, event.after,
           max(event.occurred_at) OVER (PARTITION BY own.id ORDER BY event.id) AS at
    FROM own
    JOIN audit_event event ON event.object_type = 'recommendations.Assignment'
        AND event.object_id = own.id::text AND event.action = 'assignment.officers_named')
SELECT at, what, assignment_id, thing_id, word, day, other_day, people
FROM (
    SELECT own.created_at AS at, 'named' AS what, own.id AS assignment_id, 0::bigint AS thing_id, '' AS word,
           NULL::date AS day, NULL::date AS other_day,
           CASE WHEN first.before IS NULL
               THEN ARRAY(
                   SELECT officer.user_id FROM recommendations_assignmentofficer officer
                   WHERE officer.assignment_id = own.id ORDER BY officer.user_id)
               ELSE ARRAY(SELECT jsonb_array_elements_text(first.before -> 'officers')::bigint)
               END AS people,
           0::bigint AS place, 0 AS rank, 0::bigint AS id
    FROM own
    LEFT JOIN LATERAL (
        SELECT namings.before FROM namings WHERE namings.assignment_id = own.id ORDER BY namings.id LIMIT 1
    ) first ON true
    UNION ALL
    SELECT at, 'named', assignment_id, 0, '', NULL, NULL,
           ARRAY(SELECT jsonb_array_elements_text(after -> 'officers')::bigint), 0, 1, id
    FROM namings
    UNION ALL
    SELECT version.began_at, 'version', own.id, 0, version.stage, version.due_on, version.next_due_on,
           '{}'::bigint[], 0, 2, version.id
    FROM own
    JOIN recommendations_assignmentversion version ON version.assignment_id = own.id
    UNION ALL
    SELECT submission.submitted_at, 'sent', own.id, sent.id,
           coalesce(sent.opening_id::text, ''), NULL, NULL, '{}', submission.id, 0, 0
    FROM own
    JOIN recommendations_update sent ON sent.assignment_id = own.id
    JOIN recommendations_submission submission ON submission.update_id = sent.id
    UNION ALL
    SELECT review.decided_at, review.decision, own.id, submission.update_id, review.status,
           NULL, NULL, '{}', review.submission_id, 1, review.id
    FROM own
    JOIN recommendations_review review ON review.assignment_id = own.id
    JOIN recommendations_submission submission ON submission.id = review.submission_id
    UNION ALL
    SELECT taken.closed_at, 'withdrawn', own.id, taken.id, '', NULL, NULL, '{}', 9223372036854775807, 0, 0
    FROM own
    JOIN recommendations_update taken ON taken.assignment_id = own.id AND taken.state = 'withdrawn'
    UNION ALL
    SELECT version.began_at,
           CASE WHEN version.done_on IS NULL AND version.cancelled_at IS NULL THEN 'planned' ELSE 'settled' END,
           own.id, action.id, '', version.due_on, NULL, array_remove(ARRAY[version.owner_id], NULL), 0, 3, version.id
    FROM own
    JOIN recommendations_action action ON action.assignment_id = own.id AND NOT action.is_decision
    JOIN recommendations_actionversion version ON version.action_id = action.id
) change
ORDER BY at, place, rank, id, thing_id
