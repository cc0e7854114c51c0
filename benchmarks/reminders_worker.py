"""Run as the web role: `python -m benchmarks.reminders_worker FACTS.json` times a day's planning in turns with bare SQL.

The day before has been planned; each turn plans the day, checks its references, and takes it back. It speaks as
`state_worker` does. `… FACTS.json once` plans in a process that does nothing else, and prints its queries and memory.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
from django.db import connection, transaction

from benchmarks.reminders_seed import PLANNED_AT
from benchmarks.state_worker import answer

FLOOR = Path(__file__).with_name("reminders_floor.sql")
#: What the planned rows say.
NEW = """
SELECT recipient, matter, due_on, rung, step, is_escalation, is_urgent, is_muted, rule_id, send_on
FROM reminders_reminder
WHERE planned_at = %s
"""


def main() -> None:
    """Prove that product and bare statements plan the same, then answer until the input ends."""
    django.setup()
    if sys.argv[2:] == ["once"]:
        print(json.dumps(_once()))
        return
    _plan_the_day_before()
    ours, theirs = _taken_back(_product), _taken_back(_by_hand)
    found, expected = ours(), theirs()
    assert found == expected, (
        f"product {len(found - expected)}: {list(found - expected)[:3]}, by hand: {list(expected - found)[:3]}"
    )
    assert len(found) > 1_000
    answer({"plan": (_taken_back(_product, tells=False), _taken_back(_by_hand, tells=False))})


def _plan_the_day_before() -> None:
    from reminders.models import Reminder
    from reminders.services.planning import plan

    if not Reminder.objects.exists():
        plan(now=PLANNED_AT - timedelta(days=1))


def _taken_back(act: Callable[[], None], *, tells: bool = True) -> Callable[[], set[Any]]:
    """The act, with all that a commit would check; what it planned is told, and then taken back."""

    def done() -> set[Any]:
        with transaction.atomic(), connection.cursor() as cursor:
            act()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            planned: set[Any] = set()
            if tells:
                cursor.execute(NEW, [PLANNED_AT])
                planned = set(cursor.fetchall())
            transaction.set_rollback(True)
        return planned

    return done


def _product() -> None:
    from reminders.services.planning import plan

    plan(now=PLANNED_AT)


def _by_hand() -> None:
    with connection.cursor() as cursor:
        cursor.execute(FLOOR.read_text(encoding="utf-8"), {"today": PLANNED_AT.date(), "now": PLANNED_AT})


def _once() -> dict[str, float]:
    """Plan a day that nobody has planned, and take it back."""
    from django.test.utils import CaptureQueriesContext

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with CaptureQueriesContext(connection) as queries:
        _taken_back(_product, tells=False)()
    return {
        "queries": float(len(queries)),
        "memory": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
        "whole_memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    main()
