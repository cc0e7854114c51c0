"""The statement behind what is owed, in parts: SQL with named parameters, of which nothing writes.

Dues (what stands, and the day that it counts from) × rules × the ladder's audience × working days of the recipient's
place. The words: `docs/reminders.md`.
"""

from __future__ import annotations

from accounts.places import Place

#: Assignments in force in open cycles, with the update that is open and whether the newest verdict is completed.
_LIVE = """
live AS MATERIALIZED (
    SELECT assignment.id, assignment.agency_id, assignment.due_on, assignment.next_due_on, item.cycle_id,
           open.id AS update_id, open.state AS update_state, open.is_by_letter,
           coalesce(verdict.status = 'done', false) AS is_done
    FROM recommendations_assignment assignment
    JOIN recommendations_item item ON item.id = assignment.item_id
    JOIN recommendations_cycle cycle ON cycle.id = item.cycle_id AND cycle.closed_at IS NULL
    LEFT JOIN LATERAL (
        SELECT candidate.id, candidate.state, candidate.is_by_letter
        FROM recommendations_update candidate
        WHERE candidate.assignment_id = assignment.id AND candidate.state IN ('draft', 'submitted', 'returned')
        ORDER BY candidate.id
        LIMIT 1) open ON true
    LEFT JOIN LATERAL (
        SELECT review.status
        FROM recommendations_review review
        WHERE review.assignment_id = assignment.id AND review.decision = 'accept'
        ORDER BY review.decided_at DESC, review.id DESC
        LIMIT 1) verdict ON true
    WHERE assignment.stage = 'confirmed' {only_live})
"""

#: The class of a version: the highest of its own, its lot's and its documents'.
_CLASS = """
           greatest({version}.classification, lot.classification, (
               SELECT max(document.classification)
               FROM recommendations_submissiondocument link
               JOIN evidence_document document ON document.id = link.document_id
               WHERE link.submission_id = {version}.id AND document.stored_name <> '')) AS class"""

#: What stands, and the day that it counts from. Of an opening import, the update with the lowest number speaks for all (of
#: those whose assignment is in force).
_DUES = """
decided AS (
    SELECT live.*, returned.review_id, returned.resubmit_by, returned.decided_at,{class_of_returned}
    FROM live
    JOIN recommendations_update whole ON whole.id = live.update_id
    LEFT JOIN recommendations_openingimport lot ON lot.id = whole.opening_id
    JOIN LATERAL (
        SELECT submission.id, submission.classification, review.id AS review_id, review.resubmit_by, review.decided_at
        FROM recommendations_submission submission
        JOIN recommendations_review review ON review.submission_id = submission.id
        WHERE submission.update_id = live.update_id AND review.decision = 'return'
        ORDER BY review.decided_at DESC, review.id DESC
        LIMIT 1) returned ON true
    WHERE live.update_state = 'returned' AND {speaks_for_its_lot}),
sent AS (
    SELECT live.*, submission.id AS submission_id, submission.submitted_at,{class_of_sent}
    FROM live
    JOIN recommendations_update whole ON whole.id = live.update_id
    LEFT JOIN recommendations_openingimport lot ON lot.id = whole.opening_id
    JOIN LATERAL (
        SELECT submission.id, submission.submitted_at, submission.classification
        FROM recommendations_submission submission
        WHERE submission.update_id = live.update_id
        ORDER BY submission.number DESC
        LIMIT 1) submission ON true
    WHERE live.update_state = 'submitted' AND {speaks_for_its_lot}),
cycle_dates AS (
    SELECT cycle.id AS cycle_id, dates.what, dates.day
    FROM recommendations_cycle cycle
    CROSS JOIN LATERAL (VALUES
        ('interim', cycle.interim_on), ('window_end', cycle.window_end), ('submission', cycle.submission_on)
    ) dates(what, day)
    WHERE cycle.closed_at IS NULL AND dates.day >= %(today)s::date),
dues(what, matter, due_on, cycle_id, about_id, assignment_id, update_id, action_id, owner_id, class) AS (
    SELECT 'update_due', 'update_due:' || id, next_due_on, cycle_id, agency_id, id,
           NULL::bigint, NULL::bigint, NULL::bigint, NULL::integer
    FROM live
    WHERE next_due_on IS NOT NULL AND coalesce(update_state, 'draft') = 'draft'
    UNION ALL
    SELECT 'final_due', 'final_due:' || id, due_on, cycle_id, agency_id, id, NULL, NULL, NULL, NULL
    FROM live
    WHERE due_on IS NOT NULL AND NOT is_done AND update_state IS DISTINCT FROM 'submitted'
    UNION ALL
    SELECT 'action_due', 'action_due:' || action.id, action.due_on, live.cycle_id, live.agency_id, live.id,
           NULL, action.id, action.owner_id, NULL
    FROM live
    JOIN recommendations_action action ON action.assignment_id = live.id
    WHERE action.done_on IS NULL AND action.cancelled_at IS NULL
    UNION ALL
    SELECT 'returned', 'returned:' || review_id, (decided_at AT TIME ZONE 'Asia/Kuala_Lumpur')::date, cycle_id,
           agency_id, id, update_id, NULL, NULL, class
    FROM decided
    UNION ALL
    SELECT 'resubmit_due', 'resubmit_due:' || review_id, coalesce(next_due_on, resubmit_by), cycle_id, agency_id, id,
           update_id, NULL, NULL, class
    FROM decided
    UNION ALL
    SELECT 'letter', 'letter:' || submission_id, (submitted_at AT TIME ZONE 'Asia/Kuala_Lumpur')::date, cycle_id,
           agency_id, id, update_id, NULL, NULL, class
    FROM sent
    WHERE is_by_letter
    UNION ALL
    SELECT 'review_waiting', 'review_waiting:' || submission_id,
           (submitted_at AT TIME ZONE 'Asia/Kuala_Lumpur')::date, cycle_id, agency_id, id, update_id, NULL, NULL, class
    FROM sent
    UNION ALL
    SELECT 'request_waiting', 'request_waiting:' || request.id,
           (request.asked_at AT TIME ZONE 'Asia/Kuala_Lumpur')::date, live.cycle_id, live.agency_id, live.id,
           NULL, NULL, NULL, NULL
    FROM live
    JOIN recommendations_assignmentrequest request ON request.assignment_id = live.id AND request.answer = ''
    UNION ALL
    SELECT dates.what, dates.what || ':' || dates.cycle_id || '.' || left_over.agency_id, dates.day, dates.cycle_id,
           left_over.agency_id, NULL, NULL, NULL, NULL, NULL
    FROM cycle_dates dates
    JOIN (SELECT DISTINCT cycle_id, agency_id FROM live WHERE NOT is_done) left_over USING (cycle_id)
    UNION ALL
    SELECT dates.what, dates.what || ':' || dates.cycle_id || '.0', dates.day, dates.cycle_id,
           NULL, NULL, NULL, NULL, NULL, NULL
    FROM cycle_dates dates
    WHERE EXISTS (SELECT FROM live WHERE live.cycle_id = dates.cycle_id AND NOT live.is_done))
""".replace(
    "{speaks_for_its_lot}",
    """(whole.opening_id IS NULL OR NOT EXISTS (
        SELECT FROM recommendations_update lower
        WHERE lower.opening_id = whole.opening_id AND lower.id < whole.id AND lower.state = whole.state
          AND lower.assignment_id IN (SELECT id FROM live)))""",
)
_DUES = _DUES.replace("{class_of_returned}", _CLASS.replace("{version}", "returned"))
_DUES = _DUES.replace("{class_of_sent}", _CLASS.replace("{version}", "submission"))

#: Who can be told, and who stands on which step of the ladder.
_LADDER = """
people AS MATERIALIZED (
    SELECT person.id, person.agency_id, person.clearance,
           coalesce(nullif(person.place, ''), agency.place) AS place,
           person.role IN ('officer', 'coordinator') AS acts,
           person.role = 'coordinator' OR person.is_acting AS coordinates,
           person.role IN ('reviewer', 'administrator') AS is_mapo
    FROM accounts_user person
    JOIN accounts_agency agency ON agency.id = person.agency_id
    WHERE person.is_active AND person.joined_at IS NOT NULL),
leads AS MATERIALIZED (SELECT agency_id, id FROM people WHERE acts AND coordinates),
front AS MATERIALIZED (
    SELECT agency_id, id FROM leads
    UNION ALL
    SELECT agency_id, id FROM people
    WHERE acts AND NOT EXISTS (SELECT FROM leads WHERE leads.agency_id = people.agency_id)),
named AS MATERIALIZED (
    SELECT live.id AS assignment_id, people.id
    FROM live
    JOIN recommendations_assignmentofficer officer ON officer.assignment_id = live.id
    JOIN people ON people.id = officer.user_id AND people.acts AND people.agency_id = live.agency_id),
answers AS MATERIALIZED (
    SELECT assignment_id, id FROM named
    UNION ALL
    SELECT live.id, front.id
    FROM live
    JOIN front USING (agency_id)
    WHERE NOT EXISTS (SELECT FROM named WHERE named.assignment_id = live.id)),
secretariat AS MATERIALIZED (SELECT id, agency_id, clearance FROM people WHERE is_mapo)
"""

#: The rules, one row a step: told first, and escalated to.
_RULES = """
tell AS MATERIALIZED (
    SELECT rule.id AS rule_id, rule.cycle_id, rule.what, step.step, step.start, rule.every_days, rule.times,
           rule.is_urgent, step.is_escalation
    FROM reminders_reminderrule rule
    CROSS JOIN LATERAL (VALUES
        (rule.audience, rule.first_days, false),
        ('coordinator', rule.coordinator_days, true),
        ('mapo', rule.mapo_days, true)
    ) step(step, start, is_escalation)
    WHERE rule.is_on AND step.start IS NOT NULL {only_rule})
"""

#: The columns of `direct` before the person.
_OF_DIRECT = (
    *(
        "what",
        "matter",
        "due_on",
        "cycle_id",
        "about_id",
        "assignment_id",
        "update_id",
        "action_id",
        "owner_id",
    ),
    *("class", "rule_id", "step", "start", "every_days", "times", "is_urgent", "is_escalation", "told_as"),
)

#: Every matter with everybody whom a rule names for it. Where a step of the ladder has nobody, MAPO stands in: but of an
#: update, and that it came back, nobody at MAPO is told whose clearance is below its class.
_TOLD = """
owed_to AS (
    SELECT dues.*, tell.rule_id, tell.step, tell.start, tell.every_days, tell.times, tell.is_urgent,
           tell.is_escalation
    FROM dues
    JOIN tell USING (cycle_id, what)
    {only_near}),
direct AS MATERIALIZED (
    SELECT owed_to.*, 'responsible' AS told_as, answers.id AS user_id
    FROM owed_to
    JOIN answers USING (assignment_id)
    WHERE step = 'responsible' AND NOT EXISTS (
        SELECT FROM people WHERE people.id = owner_id AND people.acts AND people.agency_id = about_id)
    UNION ALL
    SELECT owed_to.*, 'responsible', people.id
    FROM owed_to
    JOIN people ON people.id = owner_id AND people.acts AND people.agency_id = about_id
    WHERE step = 'responsible'
    UNION ALL
    SELECT owed_to.*, 'responsible', own.id
    FROM owed_to
    JOIN (
        SELECT DISTINCT live.cycle_id, live.agency_id, answers.id
        FROM live
        JOIN answers ON answers.assignment_id = live.id
        WHERE NOT live.is_done) own ON own.cycle_id = owed_to.cycle_id AND own.agency_id = about_id
    WHERE step = 'responsible' AND owed_to.assignment_id IS NULL
    UNION ALL
    SELECT owed_to.*, 'coordinator', leads.id
    FROM owed_to
    JOIN leads ON leads.agency_id = about_id
    WHERE step = 'coordinator'
    UNION ALL
    SELECT owed_to.*, 'mapo', secretariat.id
    FROM owed_to
    CROSS JOIN secretariat
    WHERE CASE step
        WHEN 'mapo' THEN assignment_id IS NOT NULL OR about_id IS NULL
        WHEN 'coordinator' THEN
            about_id IS NOT NULL AND NOT EXISTS (SELECT FROM leads WHERE leads.agency_id = about_id)
        ELSE about_id IS NOT NULL AND NOT EXISTS (SELECT FROM front WHERE front.agency_id = about_id)
        END),
told AS (
    SELECT direct.*, NULL::bigint AS mailbox_id, NULL::bigint AS in_place_of_id
    FROM direct
    UNION ALL
    SELECT {matter}, colleague.id, NULL, direct.user_id
    FROM direct
    JOIN accounts_standin stand_in ON stand_in.absent_id = direct.user_id AND stand_in.ended_at IS NULL
        AND %(today)s::date BETWEEN stand_in.from_on AND stand_in.until_on
    JOIN people absent ON absent.id = direct.user_id
    JOIN people colleague ON colleague.id = stand_in.colleague_id AND colleague.agency_id = absent.agency_id
        AND CASE direct.told_as WHEN 'mapo' THEN colleague.is_mapo ELSE colleague.acts END
    UNION ALL
    SELECT {matter}, NULL, about_id, NULL
    FROM direct
    JOIN accounts_agency agency ON agency.id = about_id AND agency.shared_mailbox <> ''
    WHERE told_as <> 'mapo'),
allowed AS (
    SELECT what, matter, due_on, cycle_id, about_id, assignment_id, update_id, action_id, rule_id, told_as AS step,
           start, every_days, times, is_urgent, is_escalation, user_id, mailbox_id, in_place_of_id,
           coalesce('person:' || user_id, 'mailbox:' || mailbox_id) AS recipient
    FROM told
    WHERE class IS NULL OR (told_as <> 'mapo' AND what <> 'review_waiting') OR EXISTS (
        SELECT FROM secretariat
        WHERE secretariat.id = told.user_id AND secretariat.clearance >= class
          AND (what <> 'review_waiting' OR (secretariat.agency_id <> about_id AND NOT EXISTS (
              SELECT FROM recommendations_updatewriter writer
              WHERE writer.update_id = told.update_id AND writer.user_id = secretariat.id)))))
""".replace("{matter}", ", ".join(f"direct.{name}" for name in _OF_DIRECT))

#: The highest rung that each recipient has reached for each matter (NULL: none yet), and the working day it fell on.
#: The planner cannot know how many rows come this far: OFFSET 0 keeps it from joining and copying calendars instead of
#: looking into them.
_RUNGS = """
reached AS (
    SELECT allowed.*, ladder.rung, calendar.working_days[
               due.number + ladder.rung + (ladder.rung < 0 AND NOT due.is_working)::integer] AS send_on
    FROM allowed
    LEFT JOIN people ON people.id = allowed.user_id
    LEFT JOIN accounts_agency agency ON agency.id = allowed.mailbox_id
    CROSS JOIN LATERAL (
        SELECT numbers, working_days
        FROM calendar
        WHERE calendar.place = coalesce(people.place, agency.place)
        OFFSET 0) calendar
    CROSS JOIN LATERAL (
        SELECT given.number, calendar.working_days[given.number] = allowed.due_on AS is_working,
               calendar.numbers[%(today)s::date - %(first_day)s::date + 1] - given.number AS elapsed
        FROM (SELECT calendar.numbers[greatest(allowed.due_on - %(first_day)s::date, 0) + 1] AS number) given
        OFFSET 0) due
    CROSS JOIN LATERAL (SELECT due.elapsed - (due.elapsed < 0 AND NOT due.is_working)::integer AS position) spot
    CROSS JOIN LATERAL (
        SELECT CASE WHEN spot.position >= start THEN start + CASE
               WHEN every_days IS NULL THEN 0
               ELSE every_days * least(coalesce(times, 32000), (spot.position - start) / every_days)
               END END AS rung
        OFFSET 0) ladder),
owed AS MATERIALIZED (
    SELECT DISTINCT ON (reached.recipient, reached.matter, reached.due_on)
           reached.*, coalesce(reached.what = ANY(preference.muted) AND NOT reached.is_escalation, false) AS is_muted
    FROM reached
    LEFT JOIN reminders_preference preference ON preference.user_id = reached.user_id
    ORDER BY reached.recipient, reached.matter, reached.due_on, reached.rung DESC NULLS LAST,
             reached.is_escalation DESC, reached.is_urgent DESC, reached.in_place_of_id NULLS FIRST, reached.rule_id)
"""

#: The working days of each place around the day.
_CALENDAR = """
calendar AS MATERIALIZED (
    SELECT place, numbers::integer[] AS numbers, working_days::date[] AS working_days
    FROM (VALUES {calendars}) given(place, numbers, working_days))
""".replace("{calendars}", ", ".join(f"%({place})s" for place in Place.values))

#: The latest date of which a step may have been reached by the day anywhere: most dates of a year lie beyond.
_NEAR = """
near AS MATERIALIZED (
    SELECT tell.start, max(coalesce(calendar.working_days[
               calendar.numbers[%(today)s::date - %(first_day)s::date + 1] - tell.start + 1], 'infinity')) AS last_on
    FROM (SELECT DISTINCT start FROM tell) tell
    CROSS JOIN calendar
    GROUP BY tell.start)
"""

#: Only what may have been reached, and what was said already: of that it matters whom it concerns still. MAPO, who
#: stands on the last step of everything, only where it was MAPO that was told.
_ONLY_NEAR = """
    JOIN near USING (start)
    WHERE due_on <= near.last_on OR CASE tell.step
        WHEN 'mapo' THEN (matter, due_on) IN (SELECT matter, due_on FROM said WHERE said_to_mapo)
        ELSE (matter, due_on) IN (SELECT matter, due_on FROM said) END
"""
_SAID = """
said AS MATERIALIZED (
    SELECT matter, due_on, bool_or(step = 'mapo') AS said_to_mapo
    FROM reminders_reminder
    WHERE settled_at IS NULL AND nudge_id IS NULL
    GROUP BY matter, due_on)
"""

#: Only what the mails in hand say.
_ONLY_IN_HAND = "WHERE (matter, due_on) IN (SELECT matter, due_on FROM in_hand)"
_IN_HAND = """
in_hand AS MATERIALIZED (
    SELECT DISTINCT matter, due_on
    FROM reminders_reminder
    WHERE delivery_id = ANY(%(deliveries)s) AND settled_at IS NULL)
"""

_ONLY_LIVE = {
    # The assignments that mails in hand speak of, and for the dates of a cycle all those of the agency.
    "mails": """
        AND (assignment.id = ANY(%(assignments)s)
             OR assignment.agency_id = ANY(%(agencies)s) OR %(whole_cycle)s)""",
    "some": "AND assignment.id = ANY(%(assignments)s)",
}

_AUDIENCE = """
dues(what, matter, due_on, cycle_id, about_id, assignment_id, update_id, action_id, owner_id, class) AS (
    SELECT 'nudge', 'nudge:' || id, %(today)s::date, cycle_id, agency_id, id,
           NULL::bigint, NULL::bigint, NULL::bigint, NULL::integer
    FROM live)
"""
_BY_HAND = """
tell(rule_id, cycle_id, what, step, start, every_days, times, is_urgent, is_escalation) AS (
    SELECT NULL::bigint, id, 'nudge', 'responsible', 0, NULL::integer, NULL::integer, true, false
    FROM recommendations_cycle)
"""


def standing_parts() -> str:
    """The relations up to `allowed` for what mails in hand say: whom it concerns, reached or not.

    Parameters: the mails (`deliveries`), what they speak of (`assignments`, `agencies`, `whole_cycle`), and the day.
    """
    live = _LIVE.replace("{only_live}", _ONLY_LIVE["mails"])
    return ",".join((_IN_HAND, live, _DUES, _LADDER, _RULES.replace("{only_rule}", ""), _told(_ONLY_IN_HAND)))


def parts(*, only_rule: str = "") -> str:
    """The relations up to `owed`: what has been reached, and whom that concerns which was said already.

    Parameters: those of `day_parameters`.
    """
    live, rules = _LIVE.replace("{only_live}", ""), _RULES.replace("{only_rule}", only_rule)
    return ",".join((_CALENDAR, live, _DUES, _LADDER, rules, _NEAR, _SAID, _told(_ONLY_NEAR), _RUNGS))


def audience_parts() -> str:
    """The relations up to `allowed` for something said by hand about `assignments`: the ladder's first step."""
    live = _LIVE.replace("{only_live}", _ONLY_LIVE["some"])
    return ",".join((live, _AUDIENCE, _LADDER, _BY_HAND, _told()))


def _told(only_near: str = "") -> str:
    return _TOLD.replace("{only_near}", only_near)
