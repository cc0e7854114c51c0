"""A maker of large summaries: the whole cycle with all narratives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from accounts.models import User
from audit import clock
from recommendations.models import Cycle
from reports.services.making import make
from reports.services.requests import request_report
from reports.states import Depth, ExportFormat
from reports.summary.selection import read_selection


def answers(facts: dict[str, Any]) -> Mapping[str, Callable[..., object]]:
    """Answer `make`: ask for a summary in the format that is named, make it, and return its state."""
    cycle, actor = Cycle.objects.get(pk=facts["cycle"]), User.objects.get(pk=facts["reviewer_id"])

    def make_one(export_format: str) -> str:
        now = clock.now()
        asked = {"depth": Depth.FULL.value}
        selection = read_selection(asked, cycle=cycle, today=clock.local_date(now), user=actor)
        report = request_report(
            selection, export_format=ExportFormat(export_format), cycle=cycle, actor=actor, now=now
        )
        return str(make(report.pk, now=now))

    return {"make": make_one}
