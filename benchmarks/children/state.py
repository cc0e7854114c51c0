"""Readings of a cycle's state, each in turns with a bare statement that psycopg2 fetches into plain tuples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.clock import end_of_day
from benchmarks.child import in_turns
from benchmarks.seeds.ten_cycles import MIDDLE
from meetings.models import Meeting
from meetings.queries.agenda import gather
from meetings.states import PointKind
from overview.queries.trend import trend_of_cycle
from recommendations.models import Cycle
from recommendations.queries.cycle_state import state_of_cycle
from recommendations.states import ItemKind

#: Queries that preparing a meeting may take.
MOST_QUERIES = 17
FLOOR = Path(__file__).resolve().parent.parent / "floor"


def answers(facts: dict[str, Any]) -> Mapping[str, Callable[..., object]]:
    """Answer `then`, `now`, `prepared` and `trend`: the product's reading in turns with the bare statement.

    Raises `AssertionError` unless both tell the same of every item and agency, and of decisions too.
    """

    cycle, user = Cycle.objects.get(pk=facts["cycle"]), User.objects.get(pk=facts["reviewer_id"])
    readings: dict[str, Callable[..., object]] = {}
    for name, before in (("then", end_of_day(MIDDLE)), ("now", None)):
        by_hand = _bare_state(cycle.pk, before)

        def product(before: datetime | None = before) -> Any:
            return state_of_cycle(cycle, user=user, before=before)

        assert_same_state(product(), by_hand())
        readings[name] = in_turns(product, by_hand)
    readings["prepared"] = _prepared(cycle, user)
    readings["trend"] = in_turns(_trend(cycle), bare(_statement("trend"), {"cycle": cycle.pk}))
    return readings


def _prepared(cycle: Any, user: User) -> Callable[..., object]:
    """Return what a meeting gathers of the month before the middle of the window, and the bare statements."""
    days = {"as_at_on": MIDDLE, "since_on": MIDDLE - timedelta(days=30)}
    meeting = Meeting(cycle=cycle, meets_on=MIDDLE, **days)
    values = {"begin": end_of_day(days["since_on"]), "before": end_of_day(MIDDLE), "cycle": cycle.pk}
    state, gathered = _bare_state(cycle.pk, end_of_day(MIDDLE)), bare(_statement("prepared"), values)
    decisions = [row for row in gathered() if row[0] is not None]
    with CaptureQueriesContext(connection) as queries:
        told = gather(meeting, user=user).of(PointKind.CHANGED)
    assert len(queries) <= MOST_QUERIES, f"{len(queries)} queries"
    # Returns above the reviewer's clearance are in the bare statement alone.
    assert 0 < len([row for row in told if row.agency]) <= len(decisions)
    return in_turns(lambda: gather(meeting, user=user), lambda: (state(), gathered()))


def _trend(cycle: Any) -> Callable[[], object]:
    """Return the reading of the counts of every day of the window, of both kinds; it must take one query."""

    def trend() -> list[Any]:
        found = trend_of_cycle(cycle)
        kinds = (ItemKind.RECOMMENDATION, ItemKind.WEAKNESS)
        return [found.days(cycle.window_start, cycle.window_end, kind=kind) for kind in kinds]

    with CaptureQueriesContext(connection) as queries:
        days = trend()
    assert len(queries) == 1 and [len(each) for each in days] == [366, 366]
    return trend


def bare(statement: str, values: dict[str, Any]) -> Callable[[], list[tuple[Any, ...]]]:
    """Return a function that fetches a statement's rows by the driver, without Django."""
    connection.ensure_connection()
    raw = connection.connection

    def fetch() -> list[tuple[Any, ...]]:
        with raw.cursor() as cursor:
            cursor.execute(statement, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    return fetch


def _bare_state(cycle_id: int, before: datetime | None) -> Callable[[], list[tuple[Any, ...]]]:
    return bare(_statement("state"), {"cycle": cycle_id, "before": before or "infinity"})


def _statement(name: str) -> str:
    return (FLOOR / f"{name}.sql").read_text(encoding="utf-8")


def assert_same_state(state: Any, rows: list[tuple[Any, ...]]) -> None:
    """Raise unless the product's state tells exactly what the hand-written statement tells."""
    told = {_key(fact): fact for row in state.items for fact in _facts_of(row)}
    found = {_key(fact): fact for fact in ((*row[:8], tuple(row[8]), *row[9:]) for row in rows)}
    for key in told.keys() | found.keys():
        if told.get(key) != found.get(key):
            raise AssertionError(f"product: {told.get(key)}\nhand-written: {found.get(key)}")


def _key(fact: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the item, and the assignment where there is one."""
    return fact[0], fact[15]


def _facts_of(row: Any) -> Iterator[tuple[Any, ...]]:
    """Yield what the product tells of an item and each of its agencies, in the columns of the hand-written statement."""
    override = row.state.override
    item = (
        row.item_id, row.kind, row.number, row.text_ms, row.text_en, row.title_ms, row.title_en, row.pillar,
        row.answer_ids, row.state.status, row.state.percent, override and override.reason, override and override.set_at,
        override and override.set_by,
    )  # fmt: skip
    for each in row.agencies:
        yield (
            *item, row.item_id, each.assignment_id, each.code, each.name_ms, each.name_en, each.role, each.stage,
            each.due_on, each.next_due_on, each.silent_since, each.status, each.percent, each.decided_at,
            *(each.claim or (None, None)), each.waiting_since, each.returned_since, each.has_request,
        )  # fmt: skip
    if not row.agencies:
        yield (*item, *[None] * 18)
