"""Minutes of a meeting that was held: who was present, what was laid, what was decided; for MAPO alone, on record."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event
from meetings.models import Meeting
from meetings.services.agenda import add_point
from meetings.services.decisions import record_decision, withdraw_decision
from meetings.services.laying import lay_agenda
from meetings.services.meetings import close_meeting, hold_meeting
from recommendations.services import cancel_action
from tests.reports.conftest import Told
from tests.reports.meeting_papers import prepared
from tests.reports.printed_pdf import PrintedPaper
from tests.reports.word_document import everything, opened
from tests.shared import shared
from ui import dates

pytestmark = pytest.mark.django_db


@shared
def held(told: Told) -> Meeting:
    """Held on 14 September 2023 with an own point; two decisions, of which one was cancelled and one withdrawn."""
    about: dict[str, Any] = {"actor": told.people["reviewer"], "now": told.now}
    meeting = prepared(told, as_at=date(2023, 9, 13), meets_on=told.today)
    add_point(meeting, title="Hal-hal lain", text="Lawatan ke rumah perlindungan.", **about)
    lay_agenda(meeting, **about)
    meeting = hold_meeting(meeting, attendance="PDRM: dua wakil\nJIM: seorang wakil", **about)
    item = told.items["first"]
    decided: dict[str, Any] = {"item": item, "agency": told.agencies["PDRM"], "due_on": date(2023, 10, 9)}
    first = record_decision(meeting, text="Latih pegawai di lapan negeri.", token=uuid4(), **decided, **about)
    cancel_action(first.action, reason="Diganti oleh keputusan baharu.", **about)
    second = record_decision(meeting, text="Siapkan manual.", token=uuid4(), **decided, **about)
    withdraw_decision(second, reason="Manual sudah ada.", **about)
    return meeting


def address(meeting: Meeting, language: str = "en", extension: str = "docx") -> str:
    return reverse("reports:minutes", args=[meeting.pk, language, extension])


@pytest.mark.parametrize("extension", ["docx", "pdf"])
@pytest.mark.parametrize(
    ("language", "heads"),
    [
        ("en", ("Minutes of the meeting", "Present", "Points of the agenda", "Decisions", "Responsible")),
        ("ms", ("Minit mesyuarat", "Kehadiran", "Perkara dalam agenda", "Keputusan", "Bertanggungjawab")),
    ],
)
def test_closed_meeting_gives_minutes(
    told: Told, held: Meeting, client: Client, extension: str, language: str, heads: tuple[str, ...]
) -> None:
    close_meeting(held, actor=told.people["reviewer"], now=told.now)
    client.force_login(told.people["reviewer"])
    answer = client.get(address(held, language, extension))
    words = everything(opened(answer.content)) if extension == "docx" else PrintedPaper(answer.content).words
    words = " ".join(words.replace(dates.NBSP, " ").split())
    day = {"en": "9 October 2023", "ms": "9 Oktober 2023"}[language]
    cancelled = "Cancelled on 14 September 2023 because: Diganti oleh keputusan baharu."
    assert language == "ms" or cancelled in words
    texts = ("PDRM: dua wakil", "Hal-hal lain", "Lawatan ke rumah", "Latih pegawai di lapan negeri.", day)
    for each in (*heads, *texts, "Manual sudah ada."):
        assert each in words
    stem = {"en": "minutes", "ms": "minit"}[language]
    assert f"jejak-2023-{stem}-bil-3-2023-{language}.{extension}" in answer["Content-Disposition"]
    event = Event.objects.filter(action="minutes.taken").latest("pk")
    assert event.after["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert (event.after["format"], event.after["language"]) == (extension, language)


def test_minutes_that_are_open_are_a_draft(told: Told, held: Meeting, client: Client) -> None:
    client.force_login(told.people["reviewer"])
    assert "Draft minutes of the meeting" in everything(opened(client.get(address(held)).content))


def test_meeting_that_was_not_held_has_no_minutes(told: Told, client: Client) -> None:
    meeting = prepared(told, as_at=date(2023, 9, 13))
    client.force_login(told.people["reviewer"])
    assert client.get(address(meeting)).status_code == 409
    assert not Event.objects.filter(action="minutes.taken").exists()
