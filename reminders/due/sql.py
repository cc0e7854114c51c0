"""The statement behind planning, sending and preview, in parts: SQL with named parameters. Nothing here writes.

Dates that stand (`kinds`) × rules × the audiences (`due.ladder`) × working days of the recipient's place. The terms
are explained in `docs/reminders.md`. Written by hand: one relation of one shape, derived in a single pass for any number of people.
"""

from collections.abc import Sequence

from accounts.regions import Place
from reminders.due.audiences import AUDIENCES
from reminders.due.figures import FIGURE_DUES, FIGURES, MAY_DECIDE_FIGURES, belonged_at, local_day
from reminders.kinds import CYCLE_DATES, FINAL, NEXT_UPDATE, RULED_BY


def _live(condition: str = "") -> str:
    """Return the relation of the assignments in force in open cycles.

    Each comes with the update that waits or came back, its newest version, and whether its newest verdict is "completed".
    """
    return f"""
live AS MATERIALIZED (
    SELECT assignment.id, assignment.agency_id, assignment.due_on, assignment.next_due_on, item.cycle_id,
           outcome.status = 'done' AS is_done, outcome.returned_id, version.id AS version_id, version.update_id,
           CASE WHEN outcome.waiting_id IS NOT NULL THEN 'submitted'
                WHEN outcome.returned_id IS NOT NULL THEN 'returned' END AS update_state
    FROM recommendations_assignment assignment
    JOIN recommendations_item item ON item.id = assignment.item_id
    JOIN recommendations_cycle cycle ON cycle.id = item.cycle_id AND cycle.closed_at IS NULL
    JOIN recommendations_outcome outcome ON outcome.assignment_id = assignment.id
    LEFT JOIN recommendations_review returned ON returned.id = outcome.returned_id
    LEFT JOIN recommendations_submission version ON version.id = coalesce(outcome.waiting_id, returned.submission_id)
    WHERE assignment.stage = 'confirmed' {condition})
"""  # noqa: S608 - the words are ours


#: Of an opening import, one assignment speaks for all: docs/reminders.md, What stands.
_VERSIONS = """
versions AS (
    SELECT live.*, whole.is_by_letter, version.submitted_at,
           greatest(version.classification, import.classification, (
               SELECT max(document.classification)
               FROM recommendations_submissiondocument link
               JOIN evidence_document document ON document.id = link.document_id
               WHERE link.submission_id = version.id AND document.stored_name <> '')) AS class
    FROM live
    JOIN recommendations_submission version ON version.id = live.version_id
    JOIN recommendations_update whole ON whole.id = live.update_id
    LEFT JOIN recommendations_openingimport import ON import.id = whole.opening_id
    WHERE whole.opening_id IS NULL OR NOT EXISTS (
        SELECT FROM live lower
        JOIN recommendations_update beside ON beside.id = lower.update_id
        WHERE beside.opening_id = whole.opening_id AND lower.id < live.id AND lower.update_state = live.update_state))
"""


_CYCLE_VALUES = ", ".join(f"('{kind}', cycle.{column})" for kind, column in CYCLE_DATES.items())

#: The matters that stand, each with the day that it counts from.
_DUES = f"""{FIGURES},{_VERSIONS},
decided AS (
    SELECT versions.*, returned.id AS review_id, returned.resubmit_by, returned.decided_at
    FROM versions
    JOIN recommendations_review returned ON returned.id = versions.returned_id),
sent AS (SELECT * FROM versions WHERE update_state = 'submitted'),
cycle_dates AS (
    SELECT cycle.id AS cycle_id, dates.what, dates.day
    FROM recommendations_cycle cycle
    CROSS JOIN LATERAL (VALUES {_CYCLE_VALUES}) dates(what, day)
    WHERE cycle.closed_at IS NULL AND dates.day >= %(today)s::date),
dues(what, matter, due_on, cycle_id, about_id, assignment_id, update_id, action_id, owner_id, class, month) AS (
    SELECT 'update_due', 'update_due:' || id, next_due_on, cycle_id, agency_id, id,
           NULL::bigint, NULL::bigint, NULL::bigint, NULL::integer, NULL::date
    FROM live
    WHERE {NEXT_UPDATE.condition}
    UNION ALL
    SELECT 'final_due', 'final_due:' || id, due_on, cycle_id, agency_id, id, NULL, NULL, NULL, NULL, NULL
    FROM live
    WHERE {FINAL.condition}
    UNION ALL
    SELECT 'action_due', 'action_due:' || action.id, action.due_on, live.cycle_id, live.agency_id, live.id,
           NULL, action.id, action.owner_id, NULL, NULL
    FROM live
    JOIN recommendations_action action ON action.assignment_id = live.id
    WHERE action.done_on IS NULL AND action.cancelled_at IS NULL
    UNION ALL
    SELECT 'action_due', 'action_due:' || action.id, action.due_on, item.cycle_id,
           CASE WHEN NOT action.is_mapo THEN action.agency_id END, NULL, NULL, action.id, action.owner_id, NULL, NULL
    FROM recommendations_action action
    JOIN recommendations_item item ON item.id = action.item_id
    JOIN recommendations_cycle cycle ON cycle.id = item.cycle_id AND cycle.closed_at IS NULL
    WHERE (action.is_mapo OR action.is_decision) AND action.done_on IS NULL AND action.cancelled_at IS NULL
      AND NOT EXISTS (SELECT FROM recommendations_assignment own
                      WHERE own.id = action.assignment_id AND own.stage = 'confirmed')
    UNION ALL
    SELECT 'returned', 'returned:' || review_id, {local_day("decided_at")}, cycle_id,
           agency_id, id, update_id, NULL, NULL, class, NULL
    FROM decided
    UNION ALL
    SELECT 'resubmit_due', 'resubmit_due:' || review_id, coalesce(next_due_on, resubmit_by), cycle_id, agency_id, id,
           update_id, NULL, NULL, class, NULL
    FROM decided
    UNION ALL
    SELECT 'letter', 'letter:' || version_id, {local_day("submitted_at")}, cycle_id,
           agency_id, id, update_id, NULL, NULL, class, NULL
    FROM sent
    WHERE is_by_letter
    UNION ALL
    SELECT 'review_waiting', 'review_waiting:' || version_id,
           {local_day("submitted_at")}, cycle_id, agency_id, id, update_id, NULL, NULL, class, NULL
    FROM sent
    UNION ALL
    SELECT 'request_waiting', 'request_waiting:' || request.id,
           {local_day("request.asked_at")}, live.cycle_id, live.agency_id, live.id,
           NULL, NULL, NULL, NULL, NULL
    FROM live
    JOIN recommendations_assignmentrequest request ON request.assignment_id = live.id AND request.answer = ''
    UNION ALL
    SELECT dates.what, dates.what || ':' || dates.cycle_id || '.' || left_over.agency_id, dates.day, dates.cycle_id,
           left_over.agency_id, NULL, NULL, NULL, NULL, NULL, NULL
    FROM cycle_dates dates
    JOIN (SELECT DISTINCT cycle_id, agency_id FROM live WHERE NOT is_done) left_over USING (cycle_id)
    UNION ALL
    SELECT dates.what, dates.what || ':' || dates.cycle_id || '.0', dates.day, dates.cycle_id,
           NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM cycle_dates dates
    WHERE EXISTS (SELECT FROM live WHERE live.cycle_id = dates.cycle_id AND NOT live.is_done)
{FIGURE_DUES})
"""  # noqa: S608 - the words are ours


#: The rules that are on, one row for each audience: told first, and escalated to.
_RULES = """
rules AS MATERIALIZED (
    SELECT rule.id AS rule_id, rule.cycle_id, rule.what, step.step, step.start, rule.every_days, rule.times,
           rule.is_urgent, step.is_escalation
    FROM reminders_reminderrule rule
    CROSS JOIN LATERAL (VALUES
        (rule.audience, rule.first_days, false),
        ('coordinator', rule.coordinator_days, true),
        ('mapo', rule.mapo_days, true)
    ) step(step, start, is_escalation)
    WHERE rule.is_on AND step.start IS NOT NULL)
"""


_RULED_BY = " ".join(f"WHEN '{kind}' THEN '{by.value}'" for kind, by in RULED_BY.items())


def _told(condition: str = "") -> str:
    """Return the relations up to `allowed`: every matter with everybody whom a rule names for it.

    Where an audience has nobody, MAPO takes its place. A step of MAPO itself has no agency: its owner is told, or all of MAPO
    where nobody owns it. A step without an owner is its agency's contacts'. Of an update that waits or came back, nobody at
    MAPO is told whose clearance is below its class.
    """
    return f"""
dues_by_rule AS (
    SELECT dues.*, rules.rule_id, rules.step, rules.start, rules.every_days, rules.times, rules.is_urgent,
           rules.is_escalation, rules.what AS rule_what
    FROM dues
    JOIN rules ON rules.cycle_id = dues.cycle_id AND rules.what = CASE dues.what {_RULED_BY} ELSE dues.what END
        AND (dues.what <> 'figures_due' OR rules.start >= 0)
    {condition}),
direct AS MATERIALIZED (
    SELECT dues_by_rule.*, 'responsible' AS told_step, responsible.id AS person_id
    FROM dues_by_rule
    JOIN responsible USING (assignment_id)
    WHERE step = 'responsible' AND (action_id IS NULL OR owner_id IS NOT NULL) AND NOT EXISTS (
        SELECT FROM people WHERE people.id = owner_id AND people.acts AND people.agency_id = about_id)
    UNION ALL
    SELECT dues_by_rule.*, 'responsible', contacts.id
    FROM dues_by_rule
    JOIN contacts ON contacts.agency_id = about_id
    WHERE step = 'responsible' AND action_id IS NOT NULL AND (owner_id IS NULL OR assignment_id IS NULL AND NOT EXISTS (
        SELECT FROM people WHERE people.id = owner_id AND people.acts AND people.agency_id = about_id))
    UNION ALL
    SELECT dues_by_rule.*, 'mapo', mapo.id
    FROM dues_by_rule
    CROSS JOIN mapo
    WHERE action_id IS NOT NULL AND about_id IS NULL AND step <> 'mapo' AND NOT is_escalation
      AND (mapo.id = owner_id OR NOT EXISTS (SELECT FROM mapo own WHERE own.id = owner_id))
    UNION ALL
    SELECT dues_by_rule.*, 'responsible', people.id
    FROM dues_by_rule
    JOIN people ON people.id = owner_id AND people.acts AND people.agency_id = about_id
    WHERE step = 'responsible'
    UNION ALL
    SELECT dues_by_rule.*, 'responsible', own.id
    FROM dues_by_rule
    JOIN (
        SELECT DISTINCT live.cycle_id, live.agency_id, responsible.id
        FROM live
        JOIN responsible ON responsible.assignment_id = live.id
        WHERE NOT live.is_done) own ON own.cycle_id = dues_by_rule.cycle_id AND own.agency_id = about_id
    WHERE step = 'responsible' AND dues_by_rule.assignment_id IS NULL AND action_id IS NULL AND month IS NULL
    UNION ALL
    SELECT dues_by_rule.*, 'responsible', people.id
    FROM dues_by_rule
    JOIN people ON people.acts AND people.agency_id = about_id
    WHERE step = 'responsible' AND month IS NOT NULL
    UNION ALL
    SELECT dues_by_rule.*, 'coordinator', coordinators.id
    FROM dues_by_rule
    JOIN coordinators ON coordinators.agency_id = about_id
    WHERE step = 'coordinator'
    UNION ALL
    SELECT dues_by_rule.*, 'mapo', mapo.id
    FROM dues_by_rule
    CROSS JOIN mapo
    WHERE CASE step
        WHEN 'mapo' THEN num_nonnulls(assignment_id, action_id, month) > 0 OR about_id IS NULL
        WHEN 'coordinator' THEN
            about_id IS NOT NULL AND NOT EXISTS (SELECT FROM coordinators WHERE coordinators.agency_id = about_id)
        ELSE about_id IS NOT NULL AND NOT EXISTS (SELECT FROM contacts WHERE contacts.agency_id = about_id)
        END),
told AS (
    SELECT direct.*, person_id AS user_id, NULL::bigint AS mailbox_id, NULL::bigint AS in_place_of_id
    FROM direct
    UNION ALL
    SELECT direct.*, colleague.id, NULL, person_id
    FROM direct
    JOIN accounts_standin stand_in ON stand_in.absent_id = person_id AND stand_in.ended_at IS NULL
        AND %(today)s::date BETWEEN stand_in.from_on AND stand_in.until_on
    JOIN people absent ON absent.id = person_id
    JOIN people colleague ON colleague.id = stand_in.colleague_id AND colleague.agency_id = absent.agency_id
        AND CASE direct.told_step WHEN 'mapo' THEN colleague.is_mapo ELSE colleague.acts END
    UNION ALL
    SELECT direct.*, NULL, about_id, NULL
    FROM direct
    JOIN accounts_agency agency ON agency.id = about_id AND agency.shared_mailbox <> ''
    WHERE told_step <> 'mapo'),
allowed AS (
    SELECT what, matter, due_on, cycle_id, about_id, assignment_id, update_id, action_id, month, rule_id, rule_what,
           told_step AS step,
           start, every_days, times, is_urgent, is_escalation, user_id, mailbox_id, in_place_of_id,
           coalesce('person:' || user_id, 'mailbox:' || mailbox_id) AS recipient
    FROM told
    WHERE class IS NULL OR (told_step <> 'mapo' AND rule_what <> 'review_waiting') OR EXISTS (
        SELECT FROM mapo
        WHERE mapo.id = told.user_id AND mapo.clearance >= class
          AND (rule_what <> 'review_waiting' OR (mapo.agency_id <> about_id AND NOT EXISTS (
              SELECT FROM recommendations_updatewriter writer
              WHERE writer.update_id = told.update_id AND writer.user_id = mapo.id)
            AND NOT EXISTS (
              SELECT FROM recommendations_submission own
              WHERE own.update_id = told.update_id AND NOT EXISTS (
                  SELECT FROM recommendations_submission later
                  WHERE later.update_id = own.update_id AND later.number > own.number)
              AND {belonged_at("own.submitted_at")})
            AND {MAY_DECIDE_FIGURES}))))
"""  # noqa: S608 - the words are ours


#: `reached` has the level (NULL: none yet) that each recipient has reached for a matter by each rule, with its working day;
#: `highest` keeps the highest for each matter. OFFSET 0: the planner, which cannot know how many rows come this far, would copy
#: calendars instead of looking into them. `owed` is materialized: beside the cost of `allowed` all joins would seem alike.
_REACHED = """
owed AS MATERIALIZED (SELECT * FROM allowed),
reached AS (
    SELECT owed.*, ladder.level, %(first_day)s::date + calendar.working_days[
               due.number + ladder.level + (ladder.level < 0 AND NOT due.is_working)::integer] AS send_on
    FROM owed
    LEFT JOIN people ON people.id = owed.user_id
    LEFT JOIN accounts_agency agency ON agency.id = owed.mailbox_id
    CROSS JOIN LATERAL (
        SELECT numbers, working_days
        FROM calendar
        WHERE calendar.place = coalesce(people.place, agency.place)
        OFFSET 0) calendar
    CROSS JOIN LATERAL (
        SELECT given.number,
               calendar.working_days[given.number] = owed.due_on - %(first_day)s::date AS is_working,
               calendar.numbers[%(today)s::date - %(first_day)s::date + 1] - given.number AS elapsed
        FROM (SELECT calendar.numbers[greatest(owed.due_on - %(first_day)s::date, 0) + 1] AS number) given
        OFFSET 0) due
    CROSS JOIN LATERAL (SELECT due.elapsed - (due.elapsed < 0 AND NOT due.is_working)::integer AS level) today
    CROSS JOIN LATERAL (
        SELECT CASE WHEN today.level >= start THEN start + CASE
               WHEN every_days IS NULL THEN 0
               ELSE every_days * least(coalesce(times, 32000), (today.level - start) / every_days)
               END END AS level
        OFFSET 0) ladder),
highest AS MATERIALIZED (
    SELECT DISTINCT ON (reached.recipient, reached.matter, reached.due_on)
           reached.*, coalesce(reached.rule_what = ANY(preference.muted) AND NOT reached.is_escalation, false) AS is_muted
    FROM reached
    LEFT JOIN reminders_preference preference ON preference.user_id = reached.user_id
    ORDER BY reached.recipient, reached.matter, reached.due_on, reached.level DESC NULLS LAST,
             reached.is_escalation DESC, reached.is_urgent DESC, reached.in_place_of_id NULLS FIRST, reached.rule_id)
"""

_PLACES = ", ".join(f"%({place})s" for place in Place.values)
#: The working days of each place around the day, as `due.calendar.day_parameters` gives them.
_CALENDAR = f"""
calendar AS MATERIALIZED (
    SELECT place, numbers::integer[] AS numbers, working_days::integer[] AS working_days
    FROM (VALUES {_PLACES}) given(place, numbers, working_days))
"""  # noqa: S608 - the words are ours

#: For each start of a rule, the latest due date for which it may have been reached by the day anywhere: most dates of a
#: year lie beyond it. `said` is what was planned already.
_NEAR = """
near AS MATERIALIZED (
    SELECT rules.start, max(coalesce(%(first_day)s::date + calendar.working_days[
               calendar.numbers[%(today)s::date - %(first_day)s::date + 1] - rules.start + 1], 'infinity')) AS last_on
    FROM (SELECT DISTINCT start FROM rules) rules
    CROSS JOIN calendar
    GROUP BY rules.start),
said AS MATERIALIZED (
    SELECT matter, due_on, bool_or(step = 'mapo') AS said_to_mapo
    FROM reminders_reminder
    WHERE settled_at IS NULL AND nudge_id IS NULL
    GROUP BY matter, due_on)
"""
#: Only what may have been reached, and what was said already: of that it matters whom it still concerns. MAPO, who
#: is the last audience of everything, only where it was MAPO that was told.
_ONLY_NEAR_OR_SAID = """
    JOIN near USING (start)
    WHERE due_on <= near.last_on OR CASE rules.step
        WHEN 'mapo' THEN (matter, due_on) IN (SELECT matter, due_on FROM said WHERE said_to_mapo)
        ELSE (matter, due_on) IN (SELECT matter, due_on FROM said) END
"""

_IN_HAND = """
in_hand AS MATERIALIZED (
    SELECT DISTINCT matter, due_on
    FROM reminders_reminder
    WHERE delivery_id = ANY(%(deliveries)s) AND settled_at IS NULL)
"""
#: The assignments that the mails in hand are about, and for the dates of a cycle all those of the agency.
_LIVE_OF_MAILS = """
        AND (assignment.id = ANY(%(assignments)s)
             OR assignment.agency_id = ANY(%(agencies)s) OR %(whole_cycle)s)"""

_NUDGES = """
dues(what, matter, due_on, cycle_id, about_id, assignment_id, update_id, action_id, owner_id, class, month) AS (
    SELECT 'nudge', 'nudge:' || id, %(today)s::date, cycle_id, agency_id, id,
           NULL::bigint, NULL::bigint, NULL::bigint, NULL::integer, NULL::date
    FROM live),
rules(rule_id, cycle_id, what, step, start, every_days, times, is_urgent, is_escalation) AS (
    SELECT NULL::bigint, id, 'nudge', 'responsible', 0, NULL::integer, NULL::integer, true, false
    FROM recommendations_cycle)
"""


def planning_relations(supposed: Sequence[str] = ()) -> str:
    """Return the relations up to `highest`: who has reached which level, and whom that concerns which was said already.

    `supposed` come first: a relation that has the name of a table is read in its place (`due.supposed`).
    Parameters: those of `day_parameters`.
    """
    told = _told(_ONLY_NEAR_OR_SAID)
    return ",".join((*supposed, _CALENDAR, _live(), _DUES, AUDIENCES, _RULES, _NEAR, told, _REACHED))


def due_relations(supposed: Sequence[str] = ()) -> str:
    """Return the relations up to `dues`: every matter that stands, with its date. Parameter: `today`."""
    return ",".join((*supposed, _live(), _DUES))


def standing_relations() -> str:
    """Return the relations up to `allowed` for what mails in hand say: whom it concerns, reached or not.

    Parameters: the mails (`deliveries`), what they are about (`assignments`, `agencies`, `whole_cycle`), and `today`.
    """
    told = _told("WHERE (matter, due_on) IN (SELECT matter, due_on FROM in_hand)")
    return ",".join((_IN_HAND, _live(_LIVE_OF_MAILS), _DUES, AUDIENCES, _RULES, told))


def nudge_relations() -> str:
    """Return the relations up to `allowed` for a nudge about `assignments`: the first audience that has anybody."""
    live = _live("AND assignment.id = ANY(%(assignments)s)")
    return ",".join((live, _NUDGES, AUDIENCES, _told()))
