"""The statements behind `overview.state_of_cycle`: what had been recorded before an instant, in plain SQL.

Written by hand because this is the hottest reading of the product and has one shape. "Before" is exclusive;
'infinity' asks for what is recorded by now, by the same statements.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from recommendations.states import Decision, Kind, Stage

#: Asks for the present: everything recorded is before it.
NOW = "infinity"

DATES = """
SELECT window_start, window_end, interim_on, submission_on, cadence_days, due_soon_days, stale_after_days
FROM recommendations_cycleversion version
WHERE cycle_id = %(cycle)s AND {version_holds}
"""

ITEMS = """
SELECT item.id, item.kind, item.number, version.text_ms, version.text_en, version.pillar,
       ARRAY(SELECT link.answer_id
             FROM recommendations_itemlinkversion link
             WHERE link.weakness_id = item.id
               AND {link_holds}
             ORDER BY link.answer_id) AS answer_ids
FROM recommendations_item item
JOIN recommendations_itemversion version ON version.item_id = item.id
WHERE item.cycle_id = %(cycle)s AND item.kind <> %(achievement)s
  AND {version_holds}
ORDER BY array_position(%(kinds)s, item.kind::text), item.number
"""

#: The newest verdict is one look-up in a covering index. An assignment has one open update at a time, so only its
#: newest update can wait for MAPO: one look-up too, however many updates there are.
ASSIGNMENTS = """
SELECT version.item_id, version.assignment_id, version.agency_id, agency.code, agency.name_ms, agency.name_en,
       version.role, version.stage, version.due_on, version.next_due_on,
       verdict.status, verdict.percent, verdict.decided_at,
       waiting.submitted_at, waiting.update_id,
       greatest(waiting.classification, (
           SELECT max(document.classification)
           FROM recommendations_submissiondocument link
           JOIN evidence_document document ON document.id = link.document_id
           WHERE link.submission_id = waiting.id AND document.stored_name <> '')) AS classification,
       EXISTS (SELECT 1
               FROM recommendations_assignmentrequest request
               WHERE request.assignment_id = version.assignment_id
                 AND request.asked_at < %(before)s::timestamptz
                 AND (request.answered_at IS NULL OR request.answered_at >= %(before)s::timestamptz)) AS has_request
FROM recommendations_assignmentversion version
JOIN recommendations_item item ON item.id = version.item_id
JOIN accounts_agencyversion agency ON agency.agency_id = version.agency_id
LEFT JOIN LATERAL (
    SELECT review.status, review.percent, review.decided_at
    FROM recommendations_review review
    WHERE review.assignment_id = version.assignment_id AND review.decision = %(accept)s
      AND review.decided_at < %(before)s::timestamptz
    ORDER BY review.decided_at DESC, review.id DESC
    LIMIT 1) verdict ON true
LEFT JOIN LATERAL (
    SELECT submission.id, submission.update_id, submission.submitted_at, submission.classification
    FROM (SELECT newest.id, newest.closed_at
          FROM recommendations_update newest
          WHERE newest.assignment_id = version.assignment_id AND newest.created_at < %(before)s::timestamptz
          ORDER BY newest.id DESC
          LIMIT 1) newest
    JOIN recommendations_submission submission ON submission.update_id = newest.id
    WHERE (newest.closed_at IS NULL OR newest.closed_at >= %(before)s::timestamptz)
      AND submission.submitted_at < %(before)s::timestamptz
      AND NOT EXISTS (SELECT 1
                      FROM recommendations_review review
                      WHERE review.submission_id = submission.id
                        AND review.decided_at < %(before)s::timestamptz)
    LIMIT 1) waiting ON true
WHERE item.cycle_id = %(cycle)s AND version.stage = ANY(%(stages)s)
  AND {version_holds}
  AND {agency_holds}
ORDER BY version.role, agency.code, version.assignment_id
"""


class ItemFacts(NamedTuple):
    """A row of ITEMS."""

    item_id: int
    kind: str
    number: int
    text_ms: str
    text_en: str
    pillar: str
    answer_ids: list[int]


class AssignmentFacts(NamedTuple):
    """A row of ASSIGNMENTS; `classification` is the class of what waits: the highest of its own and its files'."""

    item_id: int
    assignment_id: int
    agency_id: int
    code: str
    name_ms: str
    name_en: str
    role: str
    stage: str
    due_on: Any
    next_due_on: Any
    status: str | None
    percent: int | None
    decided_at: datetime | None
    submitted_at: datetime | None
    update_id: int | None
    classification: int | None
    has_request: bool


#: Which row of a version table holds. What holds now is found by the index of open versions alone, however many
#: versions there were.
_HOLDS_NOW = "{0}.ended_at IS NULL"
_HELD_THEN = "{0}.began_at < %(before)s::timestamptz AND ({0}.ended_at IS NULL OR {0}.ended_at >= %(before)s::timestamptz)"


def _at(statement: str, *, is_past: bool) -> str:
    """The statement with its conditions on versions for a past instant, or for now."""
    holds = _HELD_THEN if is_past else _HOLDS_NOW
    return statement.format(
        **{f"{alias}_holds": holds.format(alias) for alias in ("version", "agency", "link")}
    )


def rows(statement: str, *, cycle_id: int, before: datetime | None, **values: Any) -> list[tuple[Any, ...]]:
    """Run one of the statements above; one query."""
    parameters = {"cycle": cycle_id, "before": before or NOW, **values}
    with connection.cursor() as cursor:
        cursor.execute(_at(statement, is_past=before is not None), parameters)
        return list(cursor.fetchall())


def items(cycle_id: int, *, before: datetime | None) -> list[ItemFacts]:
    """The actionable items of a cycle, in order."""
    found = rows(
        ITEMS, cycle_id=cycle_id, before=before, achievement=Kind.ACHIEVEMENT.value, kinds=list(Kind.values)
    )
    return [ItemFacts(*row) for row in found]


def assignments(cycle_id: int, *, before: datetime | None, with_suggested: bool) -> list[AssignmentFacts]:
    """Who answered for the items of a cycle: those in force, and suggestions where they are asked for."""
    stages = [Stage.CONFIRMED.value, *([Stage.SUGGESTED.value] if with_suggested else [])]
    found = rows(ASSIGNMENTS, cycle_id=cycle_id, before=before, accept=Decision.ACCEPT.value, stages=stages)
    return [AssignmentFacts(*row) for row in found]
