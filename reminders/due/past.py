"""A past day: the tables that the planning's statement reads, as they stood at an instant.

Each relation has the name of its table and is read in its place (`due.supposed`). Read as they are now, because no past
of them is kept: what people muted, the states where they and agencies work, shared mailboxes, and classes of documents.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from audit.models import Event
from reminders.models import ReminderRule


def _as_at(version: str) -> str:
    """Return the condition that a version was in force at the instant."""
    return f"{version}.began_at < %(before)s AND ({version}.ended_at IS NULL OR {version}.ended_at >= %(before)s)"


_ASSIGNMENTS = f"""
recommendations_assignment AS (
    SELECT assignment_id AS id, item_id, agency_id, stage, due_on, next_due_on
    FROM recommendations_assignmentversion version
    WHERE {_as_at("version")})
"""  # noqa: S608 - the words are ours
_CYCLES = f"""
recommendations_cycle AS (
    SELECT cycle_id AS id, window_start, interim_on, window_end, submission_on, closed_at
    FROM recommendations_cycleversion version
    WHERE {_as_at("version")})
"""  # noqa: S608 - the words are ours
_OUTCOMES = """
recommendations_outcome AS NOT MATERIALIZED (
    SELECT * FROM outcome_at(%(before)s))
"""
_SUBMISSIONS = """
recommendations_submission AS NOT MATERIALIZED (
    SELECT * FROM recommendations_submission WHERE submitted_at < %(before)s)
"""
_STEPS = f"""
recommendations_action AS (
    SELECT step.id, step.item_id, step.agency_id, step.assignment_id, step.is_mapo, step.is_decision,
           version.owner_id, version.due_on, version.done_on, version.cancelled_at
    FROM recommendations_action step
    JOIN recommendations_actionversion version ON version.action_id = step.id
    WHERE {_as_at("version")})
"""  # noqa: S608 - the words are ours
_REQUESTS = """
recommendations_assignmentrequest AS (
    SELECT id, assignment_id, asked_at, CASE WHEN answered_at < %(before)s THEN answer ELSE '' END AS answer
    FROM recommendations_assignmentrequest
    WHERE asked_at < %(before)s)
"""
#: The past of who is named is in the audit log alone: the first naming since holds who was named before it.
_NAMED = """
recommendations_assignmentofficer AS (
    SELECT assignment.id AS assignment_id, named.user_id
    FROM recommendations_assignment assignment
    LEFT JOIN LATERAL (
        SELECT event.before -> 'officers' AS officers
        FROM audit_event event
        WHERE event.object_type = 'recommendations.Assignment' AND event.object_id = assignment.id::text
          AND event.action = 'assignment.officers_named' AND event.occurred_at >= %(before)s
        ORDER BY event.id
        LIMIT 1) since ON true
    CROSS JOIN LATERAL (
        SELECT officer.user_id
        FROM recommendations_assignmentofficer officer
        WHERE officer.assignment_id = assignment.id AND since.officers IS NULL
        UNION ALL
        SELECT jsonb_array_elements_text(since.officers)::bigint) named)
"""
_PEOPLE = f"""
accounts_user AS (
    SELECT person.id, posting.agency_id, posting.clearance, person.place, posting.role, posting.is_acting,
           posting.is_active, CASE WHEN person.joined_at < %(before)s THEN person.joined_at END AS joined_at
    FROM accounts_user person
    JOIN accounts_posting posting ON posting.user_id = person.id
    WHERE {_as_at("posting")})
"""  # noqa: S608 - the words are ours
_STAND_INS = """
accounts_standin AS (
    SELECT id, absent_id, colleague_id, from_on, until_on,
           CASE WHEN ended_at < %(before)s THEN ended_at END AS ended_at
    FROM accounts_standin
    WHERE named_at < %(before)s)
"""
#: A report that is still open by then came back if every figure of its newest version was decided on.
_FIGURE_REPORTS = """
indicators_figurereport AS NOT MATERIALIZED (
    SELECT report.id, report.agency_id, report.cycle_id, report.month, newest.submitted_at,
           CASE WHEN report.closed_at < %(before)s THEN report.state
                WHEN EXISTS (
                    SELECT FROM indicators_sentfigure sent
                    WHERE sent.submission_id = newest.id AND NOT EXISTS (
                        SELECT FROM indicators_figuredecision decision
                        WHERE decision.sent_id = sent.id AND decision.decided_at < %(before)s))
                THEN 'submitted' ELSE 'returned' END AS state
    FROM indicators_figurereport report
    JOIN LATERAL (
        SELECT submission.id, submission.submitted_at
        FROM indicators_figuresubmission submission
        WHERE submission.report_id = report.id AND submission.submitted_at < %(before)s
        ORDER BY submission.number DESC
        LIMIT 1) newest ON true)
"""
_FIGURE_SUBMISSIONS = """
indicators_figuresubmission AS NOT MATERIALIZED (
    SELECT * FROM indicators_figuresubmission WHERE submitted_at < %(before)s)
"""
_FIGURE_DECISIONS = """
indicators_figuredecision AS NOT MATERIALIZED (
    SELECT * FROM indicators_figuredecision WHERE decided_at < %(before)s)
"""
_INDICATORS = f"""
indicators_indicator AS (
    SELECT indicator_id AS id, agency_id, is_active
    FROM indicators_indicatorversion version
    WHERE {_as_at("version")})
"""  # noqa: S608 - the words are ours
_RULE_COLUMNS = [
    "id",
    "cycle_id",
    "what",
    "audience",
    "first_days",
    "every_days",
    "times",
    "coordinator_days",
    "mapo_days",
    "is_urgent",
    "is_on",
]
_RULES = """
reminders_reminderrule AS (
    SELECT * FROM jsonb_to_recordset(%(rules)s::jsonb) AS rule(
        id bigint, cycle_id bigint, what text, audience text, first_days integer, every_days integer, times integer,
        coordinator_days integer, mapo_days integer, is_urgent boolean, is_on boolean))
"""


@dataclass(frozen=True)
class Past:
    """What was recorded before an instant: `end_of_day` of a past day."""

    before: datetime

    rule = None
    #: Assignments are read before who is named for them.
    relations = (
        _OUTCOMES, _SUBMISSIONS, _ASSIGNMENTS, _NAMED, _CYCLES, _STEPS, _REQUESTS, _PEOPLE, _STAND_INS, _RULES,
        _FIGURE_REPORTS, _FIGURE_SUBMISSIONS, _FIGURE_DECISIONS, _INDICATORS,
    )  # fmt: skip

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of the relations. Two queries, once."""
        rules = [{name: getattr(rule, name) for name in _RULE_COLUMNS} for rule in self.rules.values()]
        return {"before": self.before, "rules": json.dumps(rules)}

    @cached_property
    def rules(self) -> dict[int, ReminderRule]:
        """The rules as they were, by number: what later Events of the log changed is taken back."""
        found = ReminderRule.objects.filter(added_at__lt=self.before).in_bulk()
        since = Event.objects.filter(object_type="reminders.ReminderRule", occurred_at__gte=self.before)
        for action, number, before in since.order_by("-pk").values_list("action", "object_id", "before"):
            rule = found.get(int(number))
            if rule is not None and action == "rule.changed":
                for name, value in (before or {}).items():
                    setattr(rule, name, value)
            elif rule is not None and action in ("rule.switched_on", "rule.switched_off"):
                rule.is_on = action == "rule.switched_off"
        return found
