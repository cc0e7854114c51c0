"""Rows of making summaries: everybody makes their own, colleagues share what is ready, administrators see the record of all.

`report` is one's own: each role's rows ask for what that role asked for; a foreign one is the foreign officer's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from accounts.models import User
from audit.clock import local_date
from meetings.models import LaidAgenda, Meeting, MeetingDetails
from meetings.services.agenda import add_point, prepare_meeting
from meetings.services.laying import lay_agenda
from meetings.services.meetings import announce_meeting, hold_meeting
from recommendations.models import Cycle
from reports.models import Report
from reports.services.making import make
from reports.services.requests import request_report
from reports.states import ExportFormat
from reports.summary.selection import read_selection
from tests.factories.accounts import World
from tests.factories.recommendations import make_cycle, make_item
from tests.matrix import ADMINISTRATOR, COORDINATOR, MAPO, OBSERVER, OFFICER, REVIEWER, Row, everybody, only

Kwargs = Callable[[World], dict[str, Any]]


def furnish(world: World, now: datetime) -> None:
    """Remembers the instant; things are made when a row asks for one."""
    world.extra["reports_making_now"] = now


def _cycle() -> Cycle:
    """The cycle of the world, with something to tell."""
    cycle = Cycle.objects.filter(year=2023).first() or make_cycle()
    if not cycle.items.exists():
        make_item(cycle, number=77)
    return cycle


def _asked(world: World, person: User, export_format: ExportFormat) -> Report:
    now, cycle = world.extra["reports_making_now"], _cycle()
    selection = read_selection({}, cycle=cycle, today=local_date(now), user=person)
    return request_report(selection, export_format=export_format, cycle=cycle, actor=person, now=now)


def _report(target: str, export_format: ExportFormat = ExportFormat.PACK) -> Kwargs:
    def kwargs(world: World) -> dict[str, Any]:
        person = world.people[OFFICER] if target == "own" else world.foreign_officer
        return {"report_id": _asked(world, person, export_format).pk}

    return kwargs


def _ready(role: str) -> Kwargs:
    """A summary that somebody of this role had made."""

    def kwargs(world: World) -> dict[str, Any]:
        report = _asked(world, world.people[role], ExportFormat.CSV)
        make(report.pk, now=world.extra["reports_making_now"])
        return {"report_id": report.pk}

    return kwargs


def _laid(world: World) -> dict[str, Any]:
    """An agenda that was laid before the council, with a point of the secretary's own alone."""
    about: dict[str, Any] = {"actor": world.people[ADMINISTRATOR], "now": world.extra["reports_making_now"]}
    today = local_date(about["now"])
    details = MeetingDetails(
        number=f"Bil. {Meeting.objects.count() + 1}/2023", meets_on=today, begins=time(10), venue="Putrajaya"
    )
    meeting = announce_meeting(_cycle(), details=details, **about)
    yesterday = today - timedelta(days=1)
    prepare_meeting(meeting, as_at_on=yesterday, since_on=yesterday, **about)
    add_point(meeting, title="Hal lain", text="Lawatan", **about)
    return {"laid_id": lay_agenda(meeting, **about).pk}


def _minutes(world: World) -> dict[str, Any]:
    meeting = LaidAgenda.objects.get(pk=_laid(world)["laid_id"]).meeting
    hold_meeting(meeting, actor=world.people[ADMINISTRATOR], now=world.extra["reports_making_now"])
    return {"meeting_id": meeting.pk, "language": "ms", "extension": "docx"}


def _no_paper(_world: World) -> dict[str, Any]:
    return {"paper": "papyrus", "language": "ms"}


def _choice(export_format: str) -> Kwargs:
    def data(_world: World) -> dict[str, Any]:
        return {"cycle": str(_cycle().year), "paper": export_format}

    return data


#: The officer's own report; administrators see that it was asked for.
_SEES = only(OFFICER, ADMINISTRATOR)
_OWNS = only(OFFICER, answer=302)
_RECORD = only(ADMINISTRATOR)

ROWS = [
    Row("reports:made", everybody()),
    Row("reports:make", everybody(409), method="post", data=_choice("papyrus")),
    Row("reports:report", _SEES, target="own", kwargs=_report("own")),
    Row("reports:report", _RECORD, target="foreign", kwargs=_report("foreign")),
    Row("reports:file", only(OFFICER, answer=409), target="own", kwargs=_report("own")),
    Row("reports:file", only(), target="foreign", kwargs=_report("foreign")),
    Row("reports:file", only(OFFICER, COORDINATOR), target="any", kwargs=_ready(OFFICER)),
    Row("reports:file", only(*MAPO), target="any", kwargs=_ready(REVIEWER)),
    Row("reports:file", only(OBSERVER), target="any", kwargs=_ready(OBSERVER)),
    Row("reports:report", only(OFFICER, COORDINATOR, ADMINISTRATOR), target="any", kwargs=_ready(OFFICER)),
    Row("reports:report", only(*MAPO), target="any", kwargs=_ready(REVIEWER)),
    Row("reports:report", only(OBSERVER, ADMINISTRATOR), target="any", kwargs=_ready(OBSERVER)),
    Row("reports:looking", _SEES, method="post", target="own", kwargs=_report("own")),
    Row("reports:looking", _RECORD, method="post", target="foreign", kwargs=_report("foreign")),
    Row("reports:cancel", _OWNS, method="post", target="own", kwargs=_report("own")),
    Row("reports:cancel", only(), method="post", target="foreign", kwargs=_report("foreign")),
    Row("reports:again", _OWNS, method="post", target="own", kwargs=_report("own")),
    Row("reports:again", only(), method="post", target="foreign", kwargs=_report("foreign")),
    Row("reports:papers_make", only(*MAPO, answer=409), "post", "any", _laid, _no_paper),
    Row("reports:minutes", only(*MAPO), target="any", kwargs=_minutes),
]
