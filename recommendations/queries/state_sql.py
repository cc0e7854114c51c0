"""The statements behind `cycle_state.state_of_cycle`: what had been recorded before an instant, in plain SQL.

Written by hand because no other read of the product runs more often, and it has one shape. "Before" is exclusive;
'infinity' asks for what is recorded by now, by the same statements.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from recommendations.queries.sql import OVERRIDE_SET_BY, fetch_rows
from recommendations.states import ItemKind, Stage

#: Asks for the present: everything recorded is before it.
NOW = "infinity"

#: The cycle's dates come with every item, and alone where the cycle has no item: this saves one query.
ITEMS = f"""
SELECT dates.window_start, dates.window_end, dates.interim_on, dates.submission_on, dates.cadence_days,
       dates.due_soon_days, dates.stale_after_days, dates.submission_source_ms, dates.submission_source_en,
       dates.tier_before_ms, dates.tier_before_en, dates.tier_after_ms, dates.tier_after_en,
       item.id, item.kind, item.number, item.text_ms, item.text_en, item.title_ms, item.title_en, item.pillar,
       ARRAY(SELECT link.answer_id
             FROM recommendations_itemlinkversion link
             WHERE link.weakness_id = item.id
               AND {{link_holds}}
             ORDER BY link.answer_id) AS answer_ids,
       override.status, override.percent, override.reason, override.set_at, {OVERRIDE_SET_BY},
       item.divergence_ms, item.divergence_en
FROM recommendations_cycleversion dates
LEFT JOIN (
    SELECT item.cycle_id, item.id, item.kind, item.number, version.text_ms, version.text_en, version.title_ms,
           version.title_en, version.pillar, version.divergence_ms, version.divergence_en
    FROM recommendations_item item
    JOIN recommendations_itemversion version ON version.item_id = item.id
    WHERE item.kind <> %(achievement)s AND {{version_holds}}) item ON item.cycle_id = dates.cycle_id
LEFT JOIN recommendations_itemoverride override ON override.item_id = item.id AND {{override_holds}}
WHERE dates.cycle_id = %(cycle)s AND {{dates_holds}}
ORDER BY array_position(%(kinds)s, item.kind::text), item.number
"""  # noqa: S608 - the words are ours

#: Each look-up takes the newest row before the instant from the end of an index, however many rows there are.
ASSIGNMENTS = """
SELECT assignment.item_id, assignment.id, assignment.agency_id, agency.code, agency.name_ms, agency.name_en,
       version.role, version.stage, version.due_on, version.next_due_on,
       CASE WHEN assignment.confirmed_at < %(before)s::timestamptz THEN assignment.confirmed_at END,
       outcome.status, outcome.percent, outcome.decided_at, claim.status, claim.percent, claim.classification,
       CASE WHEN outcome.waiting_id IS NOT NULL THEN latest.submitted_at END,
       returned.decided_at, latest.update_id,
       greatest(latest.classification, (
           SELECT max(document.classification)
           FROM recommendations_submissiondocument link
           JOIN evidence_document document ON document.id = link.document_id
           WHERE link.submission_id = latest.id AND document.stored_name <> '')),
       EXISTS (SELECT 1
               FROM recommendations_assignmentrequest request
               WHERE request.assignment_id = assignment.id
                 AND request.asked_at < %(before)s::timestamptz
                 AND (request.answered_at IS NULL OR request.answered_at >= %(before)s::timestamptz))
FROM recommendations_item item
JOIN recommendations_assignment assignment ON assignment.item_id = item.id
JOIN outcome_at(%(before)s) outcome ON outcome.assignment_id = assignment.id
CROSS JOIN LATERAL ({terms}) version
CROSS JOIN LATERAL ({names}) agency
LEFT JOIN recommendations_review verdict ON verdict.id = outcome.verdict_id
LEFT JOIN recommendations_submission claim ON claim.id = verdict.submission_id
LEFT JOIN recommendations_review returned ON returned.id = outcome.returned_id
LEFT JOIN recommendations_submission latest ON latest.id = coalesce(outcome.waiting_id, returned.submission_id)
WHERE item.cycle_id = %(cycle)s AND version.stage = ANY(%(stages)s)
ORDER BY version.role, agency.code, assignment.id
"""


class CycleDatesRow(NamedTuple):
    """The beginning of a row of ITEMS: days, thresholds and tiers of a cycle; the window counts both of its ends.

    `submission_source_*` says where the date for information comes from; empty where nobody has said it.
    """

    window_start: date
    window_end: date
    interim_on: date
    submission_on: date
    cadence_days: int
    due_soon_days: int
    stale_after_days: int
    submission_source_ms: str
    submission_source_en: str
    tier_before_ms: str
    tier_before_en: str
    tier_after_ms: str
    tier_after_en: str


class ItemFacts(NamedTuple):
    """The rest of a row of ITEMS."""

    item_id: int
    kind: str
    number: int
    text_ms: str
    text_en: str
    title_ms: str
    title_en: str
    pillar: str
    answer_ids: list[int]
    override_status: str | None
    override_percent: int | None
    override_reason: str | None
    override_set_at: datetime | None
    override_set_by: str | None
    divergence_ms: str
    divergence_en: str


class AssignmentFacts(NamedTuple):
    """A row of ASSIGNMENTS.

    `claim_*` is what the update claimed on which the verdict was given. `submitted_at` is set while an update waits,
    `returned_at` while it is returned; `classification` is its class: the highest of its own and its files'.
    """

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
    confirmed_at: datetime | None
    status: str
    percent: int
    decided_at: datetime | None
    claim_status: str | None
    claim_percent: int | None
    claim_class: int | None
    submitted_at: datetime | None
    returned_at: datetime | None
    update_id: int | None
    classification: int | None
    has_request: bool


#: Which row of a version table holds: one has begun before the instant and not ended, whatever the instant.
_HOLDS_NOW = "{0}.ended_at IS NULL"
_HELD_THEN = (
    "{0}.{1} < %(before)s::timestamptz AND ({0}.ended_at IS NULL OR {0}.ended_at >= %(before)s::timestamptz)"
)
_BEGINNINGS = {"version": "began_at", "dates": "began_at", "link": "began_at", "override": "set_at"}

#: An assignment and its agency are read from their own rows for now, and for the past from the version that held then,
#: the last in the index of those that had begun.
_PARTS_NOW = {
    "terms": "SELECT assignment.role, assignment.stage, assignment.due_on, assignment.next_due_on",
    "names": """
    SELECT agency.code, agency.name_ms, agency.name_en
    FROM accounts_agency agency WHERE agency.id = assignment.agency_id""",
}
_NEWEST = f"{_HELD_THEN.format('version', 'began_at')} ORDER BY version.began_at DESC LIMIT 1"
_PARTS_THEN = {
    "terms": f"""
    SELECT version.role, version.stage, version.due_on, version.next_due_on
    FROM recommendations_assignmentversion version
    WHERE version.assignment_id = assignment.id AND {_NEWEST}""",  # noqa: S608 - the words are ours
    "names": f"""
    SELECT version.code, version.name_ms, version.name_en
    FROM accounts_agencyversion version
    WHERE version.agency_id = assignment.agency_id AND {_NEWEST}""",  # noqa: S608 - the words are ours
}


def _at(statement: str, *, is_past: bool) -> str:
    """Return the statement with its conditions on versions for a past instant, or for now."""
    holds = _HELD_THEN if is_past else _HOLDS_NOW
    return statement.format(
        **(_PARTS_THEN if is_past else _PARTS_NOW),
        **{f"{alias}_holds": holds.format(alias, column) for alias, column in _BEGINNINGS.items()},
    )


def rows(statement: str, *, cycle_id: int, before: datetime | None, **values: Any) -> list[tuple[Any, ...]]:
    """Return the rows of one of the statements above (one query)."""
    parameters = {"cycle": cycle_id, "before": before or NOW, **values}
    return fetch_rows(_at(statement, is_past=before is not None), parameters)


def items(cycle_id: int, *, before: datetime | None) -> tuple[CycleDatesRow | None, list[ItemFacts]]:
    """Return the dates of a cycle (None: it had not been recorded) and its actionable items, in order."""
    found = rows(
        ITEMS,
        cycle_id=cycle_id,
        before=before,
        achievement=ItemKind.ACHIEVEMENT.value,
        kinds=list(ItemKind.values),
    )
    split = len(CycleDatesRow._fields)
    dates = CycleDatesRow(*found[0][:split]) if found else None
    return dates, [ItemFacts(*row[split:]) for row in found if row[split] is not None]


def assignments(cycle_id: int, *, before: datetime | None, with_suggested: bool) -> list[AssignmentFacts]:
    """Return who answered for the items of a cycle: assignments in force, and suggestions where asked for."""
    stages = [Stage.CONFIRMED.value, *([Stage.SUGGESTED.value] if with_suggested else [])]
    found = rows(ASSIGNMENTS, cycle_id=cycle_id, before=before, stages=stages)
    return [AssignmentFacts(*row) for row in found]
