"""Rows of verifying a file, which is everybody's, and of monthly summaries, which are MAPO's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from audit.clock import local_date
from recommendations.models import Cycle
from reports.models import Comparison, Schedule
from reports.services.making import make
from reports.services.requests import request_report
from reports.services.schedules import create_schedule, stop_schedule
from reports.states import ExportFormat
from reports.summary.monthly import monthly_query
from reports.summary.selection import read_selection
from tests.factories.accounts import World
from tests.factories.recommendations import make_cycle, make_item
from tests.matrix import MAPO, OFFICER, REVIEWER, Row, everybody, only

_HASH = "ab" * 32


def furnish(world: World, now: datetime) -> None:
    """Remembers the instant; things are made when a row asks for one."""
    world.extra["verifying_now"] = now


def _cycle(_world: World) -> dict[str, Any]:
    """The cycle of the world, with something to tell."""
    cycle = Cycle.objects.filter(year=2023).first() or make_cycle()
    if not cycle.items.exists():
        make_item(cycle, number=79)
    return {}


def _schedule(world: World, name: str) -> Schedule:
    """What is made every month for an officer and a reviewer."""
    _cycle(world)
    cycle, now = Cycle.objects.get(year=2023), world.extra["verifying_now"]
    reviewer = world.people[REVIEWER]
    selection = read_selection({}, cycle=cycle, today=local_date(now), user=reviewer)
    return create_schedule(
        name,
        cycle=cycle,
        export_format=ExportFormat.PDF,
        query=monthly_query(selection, ExportFormat.PDF),
        day_of_month=local_date(now).day,
        readers=[reviewer, world.people[OFFICER]],
        actor=reviewer,
        now=now,
    )


def _schedules(world: World) -> dict[str, Any]:
    """One that runs, and one that was stopped."""
    _schedule(world, "Bulanan")
    stop_schedule(_schedule(world, "Dahulu"), actor=world.people[REVIEWER], now=world.extra["verifying_now"])
    return {}


def _running(world: World) -> dict[str, Any]:
    return {"schedule_id": _schedule(world, "Bulanan").pk}


def _comparison(world: World) -> dict[str, Any]:
    """Of a summary with many rows; the officer verifies its file."""
    _cycle(world)
    officer, now = world.people[OFFICER], world.extra["verifying_now"]
    cycle = Cycle.objects.get(year=2023)
    selection = read_selection({}, cycle=cycle, today=local_date(now), user=officer)
    report = request_report(selection, export_format=ExportFormat.CSV, cycle=cycle, actor=officer, now=now)
    make(report.pk, now=now)
    report.refresh_from_db()
    about = {"report": report, "sha256": report.sha256, "has_bytes": True}
    return {"comparison_id": Comparison.objects.create(**about, asked_by=officer, asked_at=now).pk}


def _wanted(world: World) -> dict[str, Any]:
    readers = [world.people[OFFICER].pk]
    return {"name": "Baharu", "paper": "pdf", "day_of_month": "1", "readers": readers}


_ADD = "?depth=full&language=both&paper=pdf"

ROWS = [
    Row("reports:verify", everybody()),
    Row("reports:verify", everybody(422), "post"),
    Row("reports:verify", everybody(), "post", data=lambda _world: {"sha256": f"{_HASH}  jejak.zip"}),
    Row("reports:comparison", only(OFFICER), target="any", kwargs=_comparison),
    Row("reports:comparison_looking", only(OFFICER), "post", "any", _comparison),
    Row("reports:schedules", only(*MAPO)),
    Row("reports:schedules", only(*MAPO), kwargs=_schedules, query="?cycle=2023"),
    Row("reports:schedule_add", only(*MAPO), kwargs=_cycle),
    Row("reports:schedule_add", only(*MAPO), kwargs=_cycle, query=_ADD),
    Row("reports:schedule_add", only(*MAPO, answer=302), kwargs=_cycle, query="?language=fr"),
    Row("reports:schedule_add", only(*MAPO, answer=422), "post", kwargs=_cycle, query=_ADD),
    Row("reports:schedule_add", only(*MAPO, answer=302), "post", kwargs=_cycle, data=_wanted, query=_ADD),
    Row("reports:schedule_stop", only(*MAPO, answer=302), "post", "any", _running),
]
