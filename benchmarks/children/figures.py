"""All checks of a cycle, in turns with a bare statement that psycopg2 fetches into plain tuples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from accounts.models import User
from audit.clock import end_of_day
from benchmarks.child import in_turns
from benchmarks.children.state import FLOOR, bare
from benchmarks.seeds.ten_cycles import MIDDLE
from indicators.queries.checks import judge_cycle
from recommendations.models import Cycle


def answers(facts: dict[str, Any]) -> Mapping[str, Callable[..., object]]:
    """Answer `now` and `then`. Raises `AssertionError` unless both find the same sums."""
    cycle, user = Cycle.objects.get(pk=facts["cycle"]), User.objects.get(pk=facts["reviewer_id"])
    statement = (FLOOR / "checks.sql").read_text(encoding="utf-8")
    readings = {}
    for name, before in (("now", None), ("then", end_of_day(MIDDLE))):
        by_hand = bare(statement, {"cycle": cycle.pk, "before": before or "infinity"})

        def product(before: Any = before) -> list[tuple[Any, ...]]:
            rows = judge_cycle(cycle, user=user, before=before).rows
            return [(row.check_id, *row.days, row.left, row.right, row.outcome) for row in rows]

        told = sorted((row[:5] for row in product()), key=str)
        found = sorted(((row[0], *row[3:7]) for row in by_hand()), key=str)
        assert told == found and len(told) > 300
        readings[name] = in_turns(product, by_hand)
    return readings
