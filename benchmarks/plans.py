"""Run as the web role: `python -m benchmarks.plans FACTS.json` prints how PostgreSQL answers the state of a cycle.

`docs/plans.md` explains one of these plans line by line.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from benchmarks.site import Builder

EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) "


def show(builder: Builder, name: str) -> None:
    """Print the plans of a database."""
    command = [sys.executable, "-m", "benchmarks.plans", str(builder.facts_file(name))]
    subprocess.run(command, env=builder.environment(name), check=True)


def main(facts_file: Path) -> None:
    """Explain the state now, in the middle of the window and on its tenth day; and the trend."""
    django.setup()
    from accounts.models import User
    from audit.clock import end_of_day
    from benchmarks.ten_cycles import MIDDLE, TENTH_DAY
    from overview.queries.trend import trend_of_cycle
    from recommendations.models import Cycle
    from recommendations.queries.cycle_state import state_of_cycle

    facts = json.loads(facts_file.read_text(encoding="utf-8"))
    cycle, user = Cycle.objects.get(pk=facts["cycle"]), User.objects.get(pk=facts["reviewer_id"])
    acts: dict[str, Callable[[], Any]] = {
        "state now": lambda: state_of_cycle(cycle, user=user),
        f"state as at {MIDDLE}": lambda: state_of_cycle(cycle, user=user, before=end_of_day(MIDDLE)),
        f"state as at {TENTH_DAY}": lambda: state_of_cycle(cycle, user=user, before=end_of_day(TENTH_DAY)),
        "trend": lambda: trend_of_cycle(cycle),
    }
    for title, act in acts.items():
        for number, statement in enumerate(statements_of(act), 1):
            print(f"\n== {title}, query {number}\n")
            print("\n".join(explained(statement, EXPLAIN)))


def statements_of(act: Callable[[], Any]) -> list[str]:
    """The SELECT statements that an act sends, with the values that it sends."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        act()
    texts = (query["sql"].strip() for query in queries)
    return [text for text in texts if text.startswith(("SELECT", "(SELECT", "WITH"))]


def explained(statement: str, explain: str) -> list[str]:
    """The lines of a statement's plan."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(explain + statement.replace("%", "%%"), [])
        return [line for (line,) in cursor.fetchall()]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
