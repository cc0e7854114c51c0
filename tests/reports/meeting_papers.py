"""A prepared meeting, and its papers as they are made in tests."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from meetings.models import LaidAgenda, Meeting, MeetingDetails
from meetings.services.agenda import add_point, move_point, prepare_meeting, save_point
from meetings.services.laying import lay_agenda
from meetings.services.meetings import announce_meeting
from reports import files
from reports.models import Report
from reports.services.making import make
from reports.services.requests import request_paper
from reports.states import ExportFormat, ReportState, SummaryLanguage
from tests.reports.conftest import Told
from tests.reports.word_document import everything, opened
from tests.shared import shared
from ui import dates

AS_AT = date(2023, 9, 13)
MEETS_ON = date(2023, 9, 20)
MALAY, ENGLISH = SummaryLanguage.MALAY, SummaryLanguage.ENGLISH


def prepared(
    told: Told,
    *,
    as_at: date,
    since: date = date(2023, 7, 31),
    number: str = "Bil. 3/2023",
    meets_on: date = MEETS_ON,
) -> Meeting:
    """A meeting whose agenda tells how things stand as at a day, and what changed since another."""
    about: dict[str, Any] = {"actor": told.people["reviewer"], "now": told.now}
    details = MeetingDetails(number=number, meets_on=meets_on, begins=time(10, 30), venue="Putrajaya")
    meeting = announce_meeting(told.cycle, details=details, **about)
    return prepare_meeting(meeting, as_at_on=as_at, since_on=since, **about)


@shared
def meeting(told: Told) -> Meeting:
    """Prepared on 14 September as at the day before: the waiting update first, a text to it, and a point of its own last."""
    about: dict[str, Any] = {"actor": told.people["reviewer"], "now": told.now}
    meeting = prepared(told, as_at=AS_AT, number="Mesyuarat MAPO Bil. 3/2023")
    write(told, meeting, "waiting", text="Majlis diminta mengambil maklum.")
    for _place in range(9):
        point = meeting.points.get(kind="waiting")
        if point.position > 1:
            move_point(point, by=-1, **about)
    write(told, meeting, "no_lead", is_left_out=True)
    add_point(meeting, title="Hal-hal lain", text="Lawatan ke rumah perlindungan.", **about)
    return meeting


def write(told: Told, meeting: Meeting, kind: str, **values: Any) -> None:
    point = meeting.points.get(kind=kind)
    usual: dict[str, Any] = {"text": "", "classification": 1, "is_left_out": False, "left_out": []}
    about: dict[str, Any] = {"revision": point.revision, "actor": told.people["reviewer"], "now": told.now}
    save_point(point, **(usual | about | values))


def lay(told: Told, meeting: Meeting) -> LaidAgenda:
    return lay_agenda(meeting, actor=told.people["reviewer"], now=told.now)


def made(
    told: Told,
    laid: LaidAgenda,
    export_format: ExportFormat,
    language: SummaryLanguage = MALAY,
    by: str = "reviewer",
) -> Report:
    """A paper that is ready."""
    person = told.people[by]
    paper = request_paper(laid, export_format=export_format, language=language, actor=person, now=told.now)
    assert make(paper.pk, now=told.now) == ReportState.READY
    return Report.objects.select_related("laid_agenda__meeting").get(pk=paper.pk)


def bytes_of(paper: Report) -> bytes:
    with open(files.path_of(paper.stored_name), "rb") as file:
        return file.read()


def words_of(paper: Report) -> str:
    """All letters of a Word paper."""
    return everything(opened(bytes_of(paper))).replace(dates.NBSP, " ")


def in_order(text: str, *parts: str) -> bool:
    places = [text.index(part) for part in parts]
    return places == sorted(places)
