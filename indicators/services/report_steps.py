"""Steps of several acts on a report of a month, inside the transaction of the act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.errors import NotNow
from audit.services import record
from indicators.models import FigureReport
from indicators.states import FIGURE_REPORT_MOVES


def locked_report(report: FigureReport) -> FigureReport:
    """Return the report as it is now, with its agency and cycle, locked until the transaction ends."""
    rows = FigureReport.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("agency", "cycle").get(pk=report.pk)


def require_figure_move(report: FigureReport, act: str) -> None:
    """Raise `NotNow` unless the table of moves lets the report take this step."""
    if not any(move.act == act and move.source == report.state for move in FIGURE_REPORT_MOVES):
        raise NotNow(
            _(
                "These figures are now “%(state)s”, so this cannot be done. Nothing was changed; reload the page."
            )
            % {"state": report.get_state_display()}
        )


def record_on_report(
    report: FigureReport, *, action: str, actor: User, now: datetime, obj: Any = None, **facts: Any
) -> None:
    """Record one Event on a report of a month, or on `obj` of it, for its agency. `facts` are before, after and reason."""
    thing = obj if obj is not None else report
    record(
        action=action,
        actor=actor,
        obj=thing,
        label=f"{report.agency.code} · {report.month:%Y-%m}",
        agency_id=report.agency_id,
        now=now,
        **facts,
    )
