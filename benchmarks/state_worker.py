"""Run as the web role: `python -m benchmarks.state_worker FACTS.json` times readings of a cycle in turns with bare SQL.

Reads one line of words at a time, the name of a reading and how often, and answers with one line of JSON: the
milliseconds of the product's function and those of the bare statement, fetched by psycopg2 into plain tuples.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import django
from django.db import connection

STATE_FLOOR, TREND_FLOOR = (Path(__file__).with_name(name) for name in ("state_floor.sql", "trend_floor.sql"))


def main(facts_file: Path) -> None:
    """Prove that product and bare statement say the same, then answer until the input ends."""
    django.setup()
    answer(_readings(json.loads(facts_file.read_text(encoding="utf-8"))))


def answer(readings: dict[str, tuple[Callable[[], object], Callable[[], object]]]) -> None:
    """Time the readings that are asked for, the product's and the bare one, until the input ends."""
    for line in sys.stdin:
        name, times = line.split()
        print(json.dumps(in_turns(*readings[name], times=int(times))), flush=True)


def in_turns(*acts: Callable[[], object], times: int) -> list[list[float]]:
    """The milliseconds of each act, so many times, in turns."""
    """Milliseconds of each act. Each goes first as often as the other; the first time, after a pause, does not count."""
    taken: list[list[float]] = [[] for _act in acts]
    turns = list(zip(acts, taken, strict=True))
    for number in range(times + 1):
        for act, milliseconds in turns if number % 2 else reversed(turns):
            begun = time.perf_counter()
            act()
            if number:
                milliseconds.append((time.perf_counter() - begun) * 1_000)
    return taken


def _readings(facts: dict[str, str]) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """By name: the product's reading, and the bare statement beside it."""
    from accounts.models import User
    from audit.clock import end_of_day
    from benchmarks.ten_cycles import MIDDLE
    from recommendations.models import Cycle
    from recommendations.queries.cycle_state import state_of_cycle

    cycle, user = Cycle.objects.get(pk=facts["cycle"]), User.objects.get(pk=facts["reviewer_id"])
    readings: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {}
    for name, before in (("then", end_of_day(MIDDLE)), ("now", None)):
        by_hand = _bare_state(cycle.pk, before)

        def product(before: datetime | None = before) -> Any:
            return state_of_cycle(cycle, user=user, before=before)

        assert_same_state(product(), by_hand())
        readings[name] = product, by_hand
    readings["trend"] = _trend(cycle), bare(TREND_FLOOR.read_text(encoding="utf-8"), {"cycle": cycle.pk})
    return readings


def _trend(cycle: Any) -> Callable[[], object]:
    """The counts of every day of the window, of both kinds, in one query."""
    from django.test.utils import CaptureQueriesContext

    from overview.queries.trend import trend_of_cycle
    from recommendations.states import Kind

    def trend() -> list[Any]:
        found = trend_of_cycle(cycle)
        kinds = (Kind.RECOMMENDATION, Kind.WEAKNESS)
        return [found.days(cycle.window_start, cycle.window_end, kind=kind) for kind in kinds]

    with CaptureQueriesContext(connection) as queries:
        days = trend()
    assert len(queries) == 1 and [len(each) for each in days] == [366, 366]
    return trend


def bare(statement: str, values: dict[str, Any]) -> Callable[[], list[tuple[Any, ...]]]:
    """A statement and its values, fetched by the driver without Django."""
    connection.ensure_connection()
    raw = connection.connection

    def fetch() -> list[tuple[Any, ...]]:
        with raw.cursor() as cursor:
            cursor.execute(statement, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    return fetch


def _bare_state(cycle_id: int, before: datetime | None) -> Callable[[], list[tuple[Any, ...]]]:
    values = {"cycle": cycle_id, "before": before or "infinity"}
    return bare(STATE_FLOOR.read_text(encoding="utf-8"), values)


def assert_same_state(state: Any, rows: list[tuple[Any, ...]]) -> None:
    """Raise unless the product's state tells exactly what the hand-written statement tells."""
    told = {_key(fact): fact for row in state.items for fact in _facts_of(row)}
    found = {_key(fact): fact for fact in ((*row[:6], tuple(row[6]), *row[7:]) for row in rows)}
    for key in told.keys() | found.keys():
        if told.get(key) != found.get(key):
            raise AssertionError(f"product: {told.get(key)}\nhand-written: {found.get(key)}")


def _key(fact: tuple[Any, ...]) -> tuple[Any, ...]:
    """The item, and the assignment where there is one."""
    return fact[0], fact[12]


def _facts_of(row: Any) -> Iterator[tuple[Any, ...]]:
    """What the product tells of an item and each of its agencies, in the columns of the hand-written statement."""
    override = row.state.override
    item = (
        row.item_id, row.kind, row.number, row.text_ms, row.text_en, row.pillar, row.answer_ids, row.state.status,
        row.state.percent, override and override.reason, override and override.set_at,
    )  # fmt: skip
    for each in row.agencies:
        yield (
            *item, row.item_id, each.assignment_id, each.code, each.name_ms, each.name_en, each.role, each.stage,
            each.due_on, each.next_due_on, each.silent_since, each.status, each.percent, each.decided_at,
            *(each.claim or (None, None)), each.waiting_since, each.returned_since, each.has_request,
        )  # fmt: skip
    if not row.agencies:
        yield (*item, *[None] * 18)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
