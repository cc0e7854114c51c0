"""Rows of reports of a month: an agency's own, and what was sent to MAPO."""

from __future__ import annotations

from datetime import date
from typing import Any

from indicators.cells import MonthContent, cell_name
from indicators.models import FigureReport, FigureSubmission
from indicators.services.decisions import CellDecision, decide_figures
from indicators.services.reports import discard_figures, save_figures, submit_figures
from recommendations.models import Cycle
from tests.conftest import NOW
from tests.factories.accounts import World
from tests.factories.indicators import make_indicator
from tests.factories.recommendations import make_cycle
from tests.matrix import AGENCY, COORDINATOR, MAPO, Row, nobody, only

_MONTHS = [date(2023, month, 1) for month in range(4, 9)]


def _cycle(_world: World) -> dict[str, Any]:
    if not Cycle.objects.exists():
        make_cycle()
    return {}


def _month(world: World) -> dict[str, Any]:
    _cycle(world)
    if not world.own.indicators.exists():
        make_indicator("matrix", agency=world.own)
    return {"month": "2023-08"}


def _template(world: World) -> dict[str, Any]:
    """Something to give: the template of an agency without indicators is not found."""
    _month(world)
    return {}


def _sent(target: str) -> Any:
    """A report that waits for MAPO, in the newest cycle of its own: every row finds one that is untouched."""

    def kwargs(world: World) -> dict[str, Any]:
        agency = world.own if target == "own" else world.foreign
        actor = world.people[COORDINATOR] if target == "own" else world.foreign_coordinator
        used = set(
            FigureSubmission.objects.filter(report__agency=agency).values_list("report__month", flat=True)
        )
        cycle = Cycle.objects.filter(year=2023).first() or make_cycle()
        month = next(month for month in _MONTHS if month not in used)
        indicator = agency.indicators.first() or make_indicator(f"matrix-{target}", agency=agency)
        content = MonthContent({cell_name(indicator.pk): "7"})
        about = {"content": content, "revision": 0, "actor": actor, "now": NOW}
        return {"report_id": submit_figures(agency, cycle, month, **about).report_id}

    return kwargs


def _accepted(target: str) -> Any:
    """A figure that MAPO accepted."""

    def kwargs(world: World) -> dict[str, Any]:
        report = FigureReport.objects.get(pk=_sent(target)(world)["report_id"])
        (sent,) = report.newest_submission.figures.all()
        decided = {sent.pk: CellDecision(is_accepted=True)}
        decide_figures(report.newest_submission, decisions=decided, actor=world.people["reviewer"], now=NOW)
        return {"figure_id": sent.decision_on.figure_id}

    return kwargs


def _draft(target: str) -> Any:
    """A draft of a month that no other row uses."""

    def kwargs(world: World) -> dict[str, Any]:
        agency = world.own if target == "own" else world.foreign
        actor = world.people[COORDINATOR] if target == "own" else world.foreign_coordinator
        indicator = agency.indicators.first() or make_indicator(f"matrix-{target}", agency=agency)
        cycle = Cycle.objects.filter(year=2023).first() or make_cycle()
        about = {"revision": 0, "actor": actor, "now": NOW}
        used = set(FigureReport.objects.filter(agency=agency).values_list("month", flat=True))
        month = next(month for month in _MONTHS if month not in used)
        content = MonthContent({cell_name(indicator.pk): "7"})
        return {"report_id": save_figures(agency, cycle, month, content=content, **about).pk}

    return kwargs


def _discarded(target: str) -> Any:
    """A draft that was discarded."""

    def kwargs(world: World) -> dict[str, Any]:
        found = _draft(target)(world)
        report = FigureReport.objects.get(pk=found["report_id"])
        actor = world.people[COORDINATOR] if target == "own" else world.foreign_coordinator
        discard_figures(report, revision=report.revision, actor=actor, now=NOW)
        return found

    return kwargs


def _revision(_world: World) -> dict[str, Any]:
    """The revision of a draft that was saved once."""
    return {"revision": "1"}


def _decisions(_world: World) -> dict[str, Any]:
    return {"submission": "0"}


#: The reader of MAPO's, and the agency itself.
_READERS = only(*AGENCY, *MAPO)

ROWS = [
    Row("indicators:months", only(*AGENCY), kwargs=_cycle),
    Row("indicators:figure_template", only(*AGENCY), kwargs=_template),
    Row("indicators:reports", only(*MAPO), kwargs=_cycle),
    Row("indicators:month", only(*AGENCY), target="any", kwargs=_month),
    Row("indicators:month", only(*AGENCY), "post", "any", _month),
    Row("indicators:month_autosave", only(*AGENCY, answer=422), "post", "any", _month),
    Row(
        "indicators:report_of_figure", only(*AGENCY, *MAPO, answer=302), target="own", kwargs=_accepted("own")
    ),
    Row(
        "indicators:report_of_figure", only(*MAPO, answer=302), target="foreign", kwargs=_accepted("foreign")
    ),
    Row("indicators:report", _READERS, target="own", kwargs=_sent("own")),
    Row("indicators:report", only(*MAPO), target="foreign", kwargs=_sent("foreign")),
    Row("indicators:report", only(*MAPO, answer=409), "post", "own", _sent("own"), _decisions),
    Row("indicators:report", only(*MAPO, answer=409), "post", "foreign", _sent("foreign"), _decisions),
    Row("indicators:report_undo", nobody() | {COORDINATOR: 302, "officer": 409}, "post", "own", _sent("own")),
    Row("indicators:report_undo", nobody(), "post", "foreign", _sent("foreign")),
    Row(
        "indicators:report_withdraw",
        nobody() | {COORDINATOR: 302, "officer": 409},
        "post",
        "own",
        _sent("own"),
    ),
    Row("indicators:report_withdraw", nobody(), "post", "foreign", _sent("foreign")),
    Row("indicators:report_discard", only(*AGENCY, answer=302), "post", "own", _draft("own"), _revision),
    Row("indicators:report_discard", nobody(), "post", "foreign", _draft("foreign"), _revision),
    Row("indicators:report_restore", only(*AGENCY, answer=302), "post", "own", _discarded("own")),
    Row("indicators:report_restore", nobody(), "post", "foreign", _discarded("foreign")),
]
