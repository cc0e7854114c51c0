"""The statements behind `cycle_state.state_of_cycle`: what had been recorded before an instant, in plain SQL.

Written by hand because no other read of the product runs more often, and it has one shape. "Before" is exclusive;
'infinity' asks for what is recorded by now, by the same statements.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from recommendations.queries.sql import fetch_rows, read_statement
from recommendations.states import Stage

#: Asks for the present: everything recorded is before it.
_NOW = "infinity"

_ITEMS = read_statement(__file__, "state_items")
_ASSIGNMENTS = read_statement(__file__, "state_assignments")


class CycleDatesRow(NamedTuple):
    """The beginning of a row of `state_items.sql`: days, thresholds and tiers of a cycle; the window counts both of its ends.

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
    """The rest of a row of `state_items.sql`."""

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
    """A row of `state_assignments.sql`.

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


def items(cycle_id: int, *, before: datetime | None) -> tuple[CycleDatesRow | None, list[ItemFacts]]:
    """Return the dates of a cycle (None: it had not been recorded) and its actionable items, in order (one query)."""
    found = fetch_rows(_ITEMS, {"cycle": cycle_id, "before": before or _NOW})
    split = len(CycleDatesRow._fields)
    dates = CycleDatesRow(*found[0][:split]) if found else None
    return dates, [ItemFacts(*row[split:]) for row in found if row[split] is not None]


def assignments(cycle_id: int, *, before: datetime | None, with_suggested: bool) -> list[AssignmentFacts]:
    """Return who answered for the items of a cycle: assignments in force, and suggestions where asked for (one query)."""
    stages = [Stage.CONFIRMED.value, *([Stage.SUGGESTED.value] if with_suggested else [])]
    values = {"cycle": cycle_id, "before": before or _NOW, "stages": stages}
    return [AssignmentFacts(*row) for row in fetch_rows(_ASSIGNMENTS, values)]
