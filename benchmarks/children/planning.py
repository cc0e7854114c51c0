"""A day's planning of reminders, in turns with a statement by hand that plans the same.

The day before has been planned; each turn plans the day, checks its references, and takes it back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from audit.seals import VOUCH, vouching
from benchmarks.child import in_turns
from benchmarks.children.state import FLOOR
from benchmarks.seeds.people import PLANNED_AT
from reminders.models import Reminder
from reminders.services.planning import plan

#: What the planned rows say.
PLANNED_ROWS = """
SELECT recipient, matter, due_on, rung, step, is_escalation, is_urgent, is_muted, rule_id, send_on
FROM reminders_reminder
WHERE planned_at = %s
"""


def answers(_facts: dict[str, Any]) -> Mapping[str, Callable[..., object]]:
    """Answer `plan`. Raises `AssertionError` unless the product and the statement by hand plan the same."""
    _plan_the_day_before()
    ours, theirs = taken_back(plan_day, reads=True), taken_back(_by_hand, reads=True)
    found, expected = ours(), theirs()
    assert found == expected, (
        f"product {len(found - expected)}: {list(found - expected)[:3]}, by hand: {list(expected - found)[:3]}"
    )
    assert len(found) > 1_000
    return {"plan": in_turns(taken_back(plan_day), taken_back(_by_hand))}


def _plan_the_day_before() -> None:
    if not Reminder.objects.exists():
        plan(now=PLANNED_AT - timedelta(days=1))


def taken_back(act: Callable[[], None], *, reads: bool = False) -> Callable[[], set[Any]]:
    """Return the act with all that a commit would check, taken back afterwards.

    `reads`: it returns the rows that it planned; else an empty set.
    """

    def done() -> set[Any]:
        with transaction.atomic(), connection.cursor() as cursor:
            # The floor writes by hand what the product vouches for.
            cursor.execute(VOUCH, vouching("bench.planned"))
            act()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            planned: set[Any] = set()
            if reads:
                cursor.execute(PLANNED_ROWS, [PLANNED_AT])
                planned = set(cursor.fetchall())
            transaction.set_rollback(True)
        return planned

    return done


def plan_day() -> None:
    """Plan the day as the product does."""
    plan(now=PLANNED_AT)


def _by_hand() -> None:
    statement = (FLOOR / "planning.sql").read_text(encoding="utf-8")
    with connection.cursor() as cursor:
        cursor.execute(statement, {"today": PLANNED_AT.date(), "now": PLANNED_AT})
