"""All checks and all figures of a cycle, in turns with bare statements that psycopg2 fetches into plain tuples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q

from accounts.models import User
from audit.clock import end_of_day
from benchmarks.child import in_turns
from benchmarks.children.state import FLOOR, bare
from benchmarks.seeds.ten_cycles import MIDDLE
from indicators.queries.checks import judge_cycle
from indicators.queries.figures import ShownFigure, figures_for, read_figures
from recommendations.models import Cycle


def answers(facts: dict[str, Any]) -> Mapping[str, Callable[..., object]]:
    """Answer `now` and `then` for the checks, and `read` for the figures. Raises `AssertionError` unless both find the same."""
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
    readings["read"] = _read(cycle, user)
    return readings


def _read(cycle: Cycle, user: User) -> Callable[..., object]:
    """Return the reading of all figures of the cycle as they stood in the middle of its window, and the bare statement."""
    statement = (FLOOR / "figures.sql").read_text(encoding="utf-8")
    by_hand = bare(statement, {"cycle": cycle.pk, "before": end_of_day(MIDDLE)})
    reported = Q(source=None, begins_on__gte=cycle.window_start, ends_on__lte=cycle.window_end)

    def product() -> list[ShownFigure]:
        standing = figures_for(user, before=end_of_day(MIDDLE))
        return read_figures(standing.filter(Q(source__cycle=cycle) | reported), user=user)

    told = [
        (
            *(each.figure_id, each.series_id, each.indicator_id, *each.period),
            *(each.text, each.value, each.source_id, each.recorded_at),
        )
        for each in product()
    ]
    assert told == by_hand() and len(told) > 1_000
    return in_turns(product, by_hand)
