-- What a planning owes, by hand: the least that finds it in a database in which nobody stands in for anybody, no agency
-- has a mailbox, nothing was imported or came by letter. The working days stand in `floor_days` (place, day, number of
-- working days up to it, whether it is one).
WITH live AS MATERIALIZED (
    SELECT assignment.id, assignment.agency_id, assignment.due_on, assignment.next_due_on, item.cycle_id,
           open.id AS update_id, open.state,
           (SELECT review.status
            FROM recommendations_review review
            WHERE review.assignment_id = assignment.id AND review.decision = 'accept'
            ORDER BY review.decided_at DESC, review.id DESC
            LIMIT 1) IS NOT DISTINCT FROM 'done' AS is_done
    FROM recommendations_assignment assignment
    JOIN recommendations_item item ON item.id = assignment.item_id
    LEFT JOIN recommendations_update open
        ON open.assignment_id = assignment.id AND open.state IN ('submitted', 'returned')
    WHERE assignment.stage = 'confirmed'),
dues AS MATERIALIZED (
    SELECT 'update_due' AS what, 'update_due:' || id AS matter, next_due_on AS due_on, cycle_id, agency_id,
           id AS assignment_id, NULL::bigint AS update_id, NULL::bigint AS action_id, NULL::bigint AS owner_id
    FROM live
    WHERE state IS NULL
    UNION ALL
    SELECT 'final_due', 'final_due:' || id, due_on, cycle_id, agency_id, id, NULL, NULL, NULL
    FROM live
    WHERE NOT is_done AND state IS DISTINCT FROM 'submitted'
    UNION ALL
    SELECT 'action_due', 'action_due:' || action.id, action.due_on, live.cycle_id, live.agency_id, live.id, NULL, action.id, owner_id
    FROM live
    JOIN recommendations_action action ON action.assignment_id = live.id AND done_on IS NULL AND cancelled_at IS NULL
    UNION ALL
    SELECT kind.what, kind.what || ':' || review.id,
           CASE kind.what WHEN 'returned' THEN (review.decided_at AT TIME ZONE 'Asia/Kuala_Lumpur')::date
               ELSE live.next_due_on END,
           cycle_id, agency_id, live.id, update_id, NULL, NULL
    FROM live
    JOIN recommendations_submission submission USING (update_id)
    JOIN recommendations_review review ON review.submission_id = submission.id AND review.decision = 'return'
    CROSS JOIN (VALUES ('returned'), ('resubmit_due')) kind(what)
    WHERE state = 'returned'
    UNION ALL
    SELECT 'review_waiting', 'review_waiting:' || submission.id,
           (submission.submitted_at AT TIME ZONE 'Asia/Kuala_Lumpur')::date,
           cycle_id, agency_id, live.id, update_id, NULL, NULL
    FROM live
    JOIN recommendations_submission submission USING (update_id)
    WHERE state = 'submitted'
    UNION ALL
    SELECT 'request_waiting', 'request_waiting:' || request.id,
           (asked_at AT TIME ZONE 'Asia/Kuala_Lumpur')::date, cycle_id, agency_id, live.id, NULL, NULL, NULL
    FROM live
    JOIN recommendations_assignmentrequest request ON request.assignment_id = live.id AND request.answer = ''
    UNION ALL
    SELECT dates.what, dates.what || ':' || cycle.id || '.' || agency.id, dates.day, cycle.id, nullif(agency.id, 0),
           NULL, NULL, NULL, NULL
    FROM recommendations_cycle cycle
    CROSS JOIN LATERAL (VALUES
        ('interim', interim_on), ('window_end', window_end), ('submission', submission_on)) dates(what, day)
    CROSS JOIN (SELECT DISTINCT agency_id FROM live WHERE NOT is_done UNION ALL SELECT 0) agency(id)
    WHERE dates.day >= %(today)s),
people AS MATERIALIZED (
    SELECT person.id, person.agency_id, agency.place, person.role, coalesce(preference.muted, '{}') AS muted
    FROM accounts_user person
    JOIN accounts_agency agency ON agency.id = person.agency_id
    LEFT JOIN reminders_preference preference ON preference.user_id = person.id
    WHERE person.is_active),
-- Who answers for each assignment: the officers named, or else the coordinators.
answers AS MATERIALIZED (
    SELECT live.id AS assignment_id, people.id AS user_id
    FROM live
    JOIN recommendations_assignmentofficer link ON link.assignment_id = live.id
    JOIN people ON people.id = link.user_id
    UNION ALL
    SELECT live.id, people.id
    FROM live
    JOIN people ON people.agency_id = live.agency_id AND people.role = 'coordinator'
    WHERE NOT EXISTS (SELECT FROM recommendations_assignmentofficer link WHERE link.assignment_id = live.id)),
tell AS MATERIALIZED (
    SELECT rule.*, step.step, step.start, step.is_escalation
    FROM reminders_reminderrule rule
    CROSS JOIN LATERAL (VALUES
        (audience, first_days, false), ('coordinator', coordinator_days, true), ('mapo', mapo_days, true)
    ) step(step, start, is_escalation)
    WHERE rule.is_on AND step.start IS NOT NULL),
-- How far each date is away in each place, in working days.
spots AS MATERIALIZED (
    SELECT due.place, due.day AS due_on, due.number, due.works,
           today.number - due.number - (today.number < due.number AND NOT due.works)::integer AS position
    FROM floor_days due
    JOIN floor_days today ON today.place = due.place AND today.day = %(today)s
    WHERE due.day IN (SELECT due_on FROM dues)),
owed_to AS MATERIALIZED (
    SELECT dues.*, tell.id AS rule_id, start, every_days, times, is_urgent, is_escalation, step
    FROM dues
    JOIN tell USING (cycle_id, what)
    JOIN (SELECT due_on, max(position) AS position FROM spots GROUP BY due_on) farthest USING (due_on)
    WHERE farthest.position >= tell.start),
told AS (
    SELECT owed_to.*, answers.user_id
    FROM owed_to
    JOIN answers USING (assignment_id)
    WHERE owner_id IS NULL AND step = 'responsible'
    UNION ALL
    SELECT owed_to.*, owner_id
    FROM owed_to
    WHERE owner_id IS NOT NULL AND step = 'responsible'
    UNION ALL
    SELECT owed_to.*, own.user_id
    FROM owed_to
    JOIN (
        SELECT DISTINCT live.agency_id, user_id
        FROM answers
        JOIN live ON live.id = answers.assignment_id
        WHERE NOT is_done) own USING (agency_id)
    WHERE assignment_id IS NULL AND step = 'responsible'
    UNION ALL
    SELECT owed_to.*, people.id
    FROM owed_to
    JOIN people ON people.agency_id = owed_to.agency_id AND people.role = 'coordinator'
    WHERE step = 'coordinator'
    UNION ALL
    SELECT owed_to.*, people.id
    FROM owed_to
    CROSS JOIN people
    WHERE people.role = 'reviewer' AND CASE WHEN step = 'mapo' THEN assignment_id IS NOT NULL OR owed_to.agency_id IS NULL
        ELSE owed_to.agency_id NOT IN (SELECT agency_id FROM people) END),
owed AS MATERIALIZED (
    SELECT DISTINCT ON (told.user_id, told.matter)
           'person:' || told.user_id AS recipient, told.user_id, told.matter, told.what, told.due_on, reached.rung, CASE WHEN people.role = 'reviewer' THEN 'mapo' ELSE told.step END AS step,
           told.is_escalation, told.is_urgent, told.what = ANY(people.muted) AND NOT told.is_escalation AS is_muted,
           told.cycle_id, told.agency_id AS about_id, told.assignment_id, told.update_id, told.action_id, told.rule_id,
           spots.place, spots.number + reached.rung + (reached.rung < 0 AND NOT spots.works)::integer AS send_number
    FROM told
    JOIN people ON people.id = told.user_id
    JOIN spots ON spots.place = people.place AND spots.due_on = told.due_on AND spots.position >= told.start
    CROSS JOIN LATERAL (
        SELECT told.start + coalesce(
            told.every_days * least(coalesce(told.times, 32000), (spots.position - told.start) / told.every_days), 0) AS rung
    ) reached
    ORDER BY told.user_id, told.matter, reached.rung DESC, told.is_escalation DESC, told.is_urgent DESC, told.rule_id),
settled AS (
    UPDATE reminders_reminder SET settled_at = %(now)s
    WHERE settled_at IS NULL AND (recipient, matter, due_on) NOT IN (SELECT recipient, matter, due_on FROM owed))
INSERT INTO reminders_reminder (
    recipient, user_id, matter, what, due_on, rung, step, is_escalation, is_urgent, is_muted, cycle_id, about_id,
    assignment_id, update_id, action_id, rule_id, send_on, planned_at)
SELECT recipient, user_id, matter, what, due_on, rung, step, is_escalation, is_urgent, is_muted, cycle_id, about_id,
       assignment_id, update_id, action_id, rule_id, days.day, %(now)s
FROM owed
JOIN floor_days days ON days.place = owed.place AND days.number = owed.send_number AND days.works
ON CONFLICT DO NOTHING
