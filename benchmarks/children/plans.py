"""How PostgreSQL answers the state of a cycle: `docs/plans.md` explains one of these plans line by line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.clock import end_of_day
from benchmarks.seeds.ten_cycles import MIDDLE, TENTH_DAY
from overview.queries.trend import trend_of_cycle
from recommendations.models import Cycle
from recommendations.queries.cycle_state import state_of_cycle

EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) "


def main(facts: dict[str, Any]) -> str:
    """Return the plans of the state now, in the middle of the window and on its tenth day; and of the trend."""
    cycle, user = Cycle.objects.get(pk=facts["cycle"]), User.objects.get(pk=facts["reviewer_id"])
    acts: dict[str, Callable[[], Any]] = {
        "state now": lambda: state_of_cycle(cycle, user=user),
        f"state as at {MIDDLE}": lambda: state_of_cycle(cycle, user=user, before=end_of_day(MIDDLE)),
        f"state as at {TENTH_DAY}": lambda: state_of_cycle(cycle, user=user, before=end_of_day(TENTH_DAY)),
        "trend": lambda: trend_of_cycle(cycle),
    }
    lines = []
    for title, act in acts.items():
        for number, statement in enumerate(statements_of(act), 1):
            lines += [f"\n== {title}, query {number}\n", *explained(statement, EXPLAIN)]
    return "\n".join(lines)


def statements_of(act: Callable[[], Any]) -> list[str]:
    """Return the SELECT statements that a function sends, with the values that it sends."""
    with CaptureQueriesContext(connection) as queries:
        act()
    texts = (query["sql"].strip() for query in queries)
    return [text for text in texts if text.startswith(("SELECT", "(SELECT", "WITH"))]


def explained(statement: str, explain: str) -> list[str]:
    """Return the lines of a statement's plan; `explain` is the EXPLAIN that goes before it."""
    with connection.cursor() as cursor:
        cursor.execute(explain + statement.replace("%", "%%"), [])
        return [line for (line,) in cursor.fetchall()]
