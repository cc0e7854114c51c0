"""Papers of a meeting are made once, verified, kept with the meeting, and are MAPO’s alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.clearance import Clearance
from accounts.models import User
from audit.errors import NotAllowed
from meetings.models import LaidAgenda, Meeting
from meetings.queries.agenda import PreparedAgenda, read_agenda
from meetings.services import laying
from reports import files
from reports.models import Report
from reports.queries.verification_page import describe
from reports.services.changes import ChangeReason
from reports.services.requests import request_paper
from reports.services.retention import remove_expired_files
from reports.services.verification import differences, verify_file
from reports.states import MEETING_PAPERS, ExportFormat, ReportState, VerificationOutcome
from tests.conftest import Clock
from tests.reports.conftest import Told
from tests.reports.meeting_papers import (
    ENGLISH,
    MALAY,
    in_order,
    lay,
    made,
    meeting,
    write,
)

__all__ = ["meeting"]
pytestmark = pytest.mark.django_db


def test_fingerprint_covers_the_agenda_and_verifies(told: Told, meeting: Meeting) -> None:
    first = made(told, lay(told, meeting), ExportFormat.COUNCIL)
    assert first.file_name == "jejak-2023-kertas-mapo-bil-3-2023-v1-2023-09-13-ms.docx"
    write(told, meeting, "waiting", text="Teks lain.")
    second = made(told, lay(told, meeting), ExportFormat.COUNCIL)
    assert first.fingerprint != second.fingerprint
    result = verify_file(second.sha256, now=told.now)
    assert result.outcome == VerificationOutcome.SAME
    stated = {fact.label: fact.text for fact in describe(result).facts}
    assert stated["Agenda"] == "Mesyuarat MAPO Bil. 3/2023, versi 2"
    assert second.laid_agenda is not None and second.laid_agenda.sha256 in stated.values()
    # The paper belongs to its agenda for good.
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=first.pk).update(laid_agenda=None)
    changed = LaidAgenda.objects.get(pk=first.laid_agenda_id)
    changed.content["points"][0]["text"] = "Diubah"
    first.laid_agenda = changed
    assert ChangeReason.AGENDA in differences(first)


def test_files_stay_with_the_meeting(told: Told, meeting: Meeting, clock: Clock, client: Client) -> None:
    paper = made(told, lay(told, meeting), ExportFormat.MEETING)
    assert paper.kept_until is None
    assert remove_expired_files(now=clock.move_to(told.now + timedelta(days=400))) == 0
    client.force_login(told.people["reviewer"])
    page = client.get(reverse("reports:report", args=[paper.pk])).content.decode()
    assert "Bersama mesyuarat" in page


def test_what_is_there_is_not_made_again(told: Told, meeting: Meeting) -> None:
    laid = lay(told, meeting)
    paper = made(told, laid, ExportFormat.MEETING)
    about: dict[str, Any] = {"export_format": ExportFormat.MEETING, "now": told.now}
    same = request_paper(laid, language=MALAY, actor=told.people["administrator"], **about)
    other = request_paper(laid, language=ENGLISH, actor=told.people["administrator"], **about)
    assert (same, other == paper) == (paper, False)
    files.remove(paper.stored_name)
    assert made(told, laid, ExportFormat.MEETING) != paper, "its file is lost"


def test_what_a_colleague_has_begun_is_told_and_not_begun_again(
    told: Told, meeting: Meeting, client: Client
) -> None:
    laid = lay(told, meeting)
    about: dict[str, Any] = {"export_format": ExportFormat.PACK, "language": MALAY, "now": told.now}
    begun = request_paper(laid, actor=told.people["administrator"], **about)
    assert request_paper(laid, actor=told.people["reviewer"], **about) == begun
    client.force_login(told.people["reviewer"])
    page = client.get(reverse("meetings:meeting_papers", args=[meeting.pk])).content.decode()
    own_page = reverse("reports:report", args=[begun.pk])
    assert told.people["administrator"].name in page and own_page not in page
    assert client.get(own_page).status_code == 404
    client.force_login(told.people["administrator"])
    assert own_page in client.get(reverse("meetings:meeting_papers", args=[meeting.pk])).content.decode()


def test_others_neither_make_nor_see_them(told: Told, meeting: Meeting, client: Client) -> None:
    laid = lay(told, meeting)
    papers = [made(told, laid, each) for each in (ExportFormat.COUNCIL, ExportFormat.PACK)]
    urls = [reverse(name, args=[paper.pk]) for paper in papers for name in ("reports:report", "reports:file")]
    choice = {"paper": "all", "language": "ms"}
    for person in (told.people[role] for role in ("officer", "observer", "outsider")):
        with pytest.raises(NotAllowed):
            request_paper(laid, export_format=ExportFormat.PACK, language=MALAY, actor=person, now=told.now)
        client.force_login(person)
        assert {client.get(url).status_code for url in urls} == {404}
        assert client.post(reverse("reports:papers_make", args=[laid.pk]), choice).status_code == 404


def test_class_of_the_agenda_bounds_its_papers(told: Told, meeting: Meeting, client: Client) -> None:
    reviewer = told.people["reviewer"]
    reviewer.clearance = Clearance.CONFIDENTIAL
    reviewer.save()
    write(told, meeting, "waiting", text="Hal sulit.", classification=Clearance.CONFIDENTIAL)
    paper = made(told, lay(told, meeting), ExportFormat.COUNCIL)
    assert paper.classification == Clearance.CONFIDENTIAL
    lower = told.people["administrator"]
    lower.clearance = Clearance.RESTRICTED
    lower.save()
    client.force_login(lower)
    assert client.get(reverse("reports:file", args=[paper.pk])).status_code == 404
    assert paper.laid_agenda_id is not None
    make_url = reverse("reports:papers_make", args=[paper.laid_agenda_id])
    assert client.post(make_url, {"paper": "all", "language": "ms"}).status_code == 404


def test_page_makes_all_papers_and_lists_them(
    told: Told, meeting: Meeting, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(told.people["reviewer"])
    url = reverse("meetings:meeting_papers", args=[meeting.pk])
    assert "Bentangkan agenda dahulu" in client.get(url).content.decode()
    laid = lay(told, meeting)
    response = client.post(reverse("reports:papers_make", args=[laid.pk]), {"paper": "all", "language": "en"})
    assert response["Location"] == f"{url}#papers"
    papers = Report.objects.filter(laid_agenda=laid, language="en", state=ReportState.READY)
    assert papers.count() == 4
    write(told, meeting, "waiting", text="Versi dua.")
    lay(told, meeting)
    with django_assert_max_num_queries(20):
        page = client.get(url).content.decode()
    urls = [reverse("reports:file", args=[papers.get(export_format=each).pk]) for each in MEETING_PAPERS]
    assert in_order(page, *urls)
    title = client.get(reverse("reports:report", args=[papers[0].pk])).content.decode()
    assert "Mesyuarat MAPO Bil. 3/2023, setakat 13" in title


def test_papers_that_are_there_count_nothing_for_the_quota(
    told: Told, meeting: Meeting, client: Client, settings: Settings
) -> None:
    settings.QUOTA_HEAVY = 4
    client.force_login(told.people["reviewer"])
    url = reverse("reports:papers_make", args=[lay(told, meeting).pk])
    for _turn in range(2):
        assert client.post(url, {"paper": "all", "language": "en"}).status_code == 302
    assert client.post(url, {"paper": "council", "language": "ms"}).status_code == 429
    assert Report.objects.count() == 4


def test_made_again_from_its_page_and_bad_choices_are_refused(
    told: Told, meeting: Meeting, client: Client
) -> None:
    client.force_login(told.people["reviewer"])
    laid = lay(told, meeting)
    url = reverse("reports:papers_make", args=[laid.pk])
    assert client.post(url, {"paper": "pdf", "language": "ms"}).status_code == 409
    assert client.post(url, {"paper": "council", "language": "fr"}).status_code == 409
    paper = request_paper(
        laid, export_format=ExportFormat.COUNCIL, language=MALAY, actor=told.people["reviewer"], now=told.now
    )
    assert client.post(reverse("reports:cancel", args=[paper.pk])).status_code == 302
    assert url in client.get(reverse("reports:report", args=[paper.pk])).content.decode()
    page = reverse("meetings:meeting_papers", args=[meeting.pk])
    assert client.post(reverse("reports:again", args=[paper.pk]))["Location"] == page
    client.post(url, {"paper": "council", "language": "ms"})
    assert Report.objects.get(state=ReportState.READY).laid_agenda == laid


def test_pages_of_a_paper_read_of_its_agenda_the_number_alone(
    told: Told, meeting: Meeting, client: Client, django_assert_max_num_queries: Any
) -> None:
    """An agenda is long; the page, what it asks again and again, the shelf and the papers of the meeting do without."""
    laid = lay(told, meeting)
    paper = made(told, laid, ExportFormat.COUNCIL)
    client.force_login(told.people["reviewer"])
    page, looking = reverse("reports:report", args=[paper.pk]), reverse("reports:looking", args=[paper.pk])
    lists = [reverse("reports:made"), reverse("meetings:meeting_papers", args=[meeting.pk])]
    with django_assert_max_num_queries(100) as queries:
        assert "Mesyuarat MAPO Bil. 3/2023, versi 1" in client.get(page).content.decode()
        assert client.post(looking).status_code == 200
        assert {client.get(url).status_code for url in lists} == {200}
    read = [query["sql"] for query in queries if '"meetings_laidagenda"."content",' in query["sql"]]
    assert not read


def test_agenda_is_gathered_once(told: Told, meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    gathered: list[int] = []

    def count(meeting: Meeting, *, user: User) -> PreparedAgenda:
        gathered.append(user.clearance)
        return read_agenda(meeting, user=user)

    monkeypatch.setattr(laying, "read_agenda", count)
    laid = lay(told, meeting)
    assert gathered == [Clearance.RESTRICTED]
    assert told.select(agenda=laid.sha256).agenda is None, "addresses choose none"
