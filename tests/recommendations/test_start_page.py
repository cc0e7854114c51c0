"""Where the link of a mail leads: to the open form, or to the page from which it is one press away."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import User
from audit.models import Event
from recommendations import services
from recommendations.content import Content
from recommendations.models import Assignment, Cycle, Update
from tests.factories.recommendations import REPORTED
from tests.imports.openings import sent
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of

pytestmark = pytest.mark.django_db


def opened(desk: Desk, person: User | None = None, language: str = "en") -> HttpResponse:
    return browser_of(person or desk.officer, language).get(start_url(desk))


def start_url(desk: Desk) -> str:
    return reverse("recommendations:update_start", args=[desk.assignment.pk])


def owe(desk: Desk, day: date | None) -> None:
    Assignment.objects.filter(pk=desk.assignment.pk).update(next_due_on=day)


def test_page_says_what_is_owed_and_offers_to_write(desk: Desk) -> None:
    owe(desk, date(2023, 9, 4))
    page = opened(desk)
    words = words_of(page)
    assert "Report on Recommendation 1" in words and desk.item.text_en in words
    assert "Was due 4 September 2023" in words
    assert "MAPO has not accepted any update on this yet." in words
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    assert main.count("btn--primary") == 1
    assert "Nothing new since" not in words


def test_page_says_what_comes_next_where_nothing_is_late(desk: Desk) -> None:
    owe(desk, date(2023, 9, 18))
    assert "By 18 September 2023" in words_of(opened(desk))
    owe(desk, None)
    assert "No update is due" in words_of(opened(desk))


def test_page_shows_the_last_verdict_and_offers_nothing_new(desk: Desk) -> None:
    desk.accepted()
    words = words_of(opened(desk))
    assert "In progress" in words and REPORTED.narrative in words
    assert "Nothing new since 31 August" in words


def test_text_above_the_readers_clearance_is_not_shown(desk: Desk) -> None:
    secret = Content(**{**REPORTED.__dict__, "classification": Clearance.CONFIDENTIAL})
    User.objects.filter(pk=desk.officer.pk).update(clearance=Clearance.CONFIDENTIAL)
    desk.officer.refresh_from_db()
    desk.accepted(secret)
    words = words_of(opened(desk, desk.colleague))
    assert REPORTED.narrative not in words and "Nothing new since" not in words


def test_get_begins_nothing_and_records_nothing(desk: Desk) -> None:
    visitor = browser_of(desk.officer)
    before = Event.objects.count()
    visitor.get(start_url(desk))
    assert not Update.objects.exists() and Event.objects.count() == before


def test_open_draft_opens_as_the_form(desk: Desk) -> None:
    draft = desk.draft()
    assert opened(desk, desk.colleague)["Location"] == reverse("recommendations:update_edit", args=[draft.pk])


def test_returned_update_opens_as_the_form(desk: Desk, now: datetime) -> None:
    sent = desk.submission()
    services.return_update(sent, reason="Tarikh", resubmit_by=date(2023, 9, 25), actor=desk.reviewer, now=now)
    assert opened(desk)["Location"] == reverse("recommendations:update_edit", args=[sent.update_id])


def test_update_that_waits_opens_to_be_read(desk: Desk) -> None:
    sent = desk.submission()
    assert opened(desk)["Location"] == reverse("recommendations:update", args=[sent.update_id])


def test_row_of_an_import_opens_the_import(desk: Desk, now: datetime) -> None:
    batch = sent(desk.cycle, desk.agency, {"item": "Syor 1"}, actor=desk.officer, now=now)
    assert opened(desk)["Location"] == reverse("imports:opening", args=[batch.pk])


def test_draft_above_the_readers_clearance_is_said_and_not_opened(desk: Desk) -> None:
    draft = desk.draft()
    Update.objects.filter(pk=draft.pk).update(classification=Clearance.CONFIDENTIAL)
    page = opened(desk, desk.colleague)
    assert page.status_code == 409
    assert "classified above your clearance" in words_of(page)


def test_ended_assignment_and_closed_cycle_lead_to_the_item(desk: Desk, now: datetime) -> None:
    item = reverse("recommendations:item", args=[desk.item.pk])
    services.end_assignment(desk.assignment, reason="Dipindahkan", actor=desk.administrator, now=now)
    assert opened(desk)["Location"] == item


def test_closed_cycle_leads_to_the_item(desk: Desk, now: datetime) -> None:
    Cycle.objects.filter(pk=desk.cycle.pk).update(closed_at=now)
    assert opened(desk)["Location"] == reverse("recommendations:item", args=[desk.item.pk])


@pytest.mark.parametrize("who", ["reviewer", "administrator"])
def test_mapo_is_led_to_the_assignment(desk: Desk, who: str) -> None:
    page = opened(desk, getattr(desk, who))
    assert page["Location"] == reverse("recommendations:assignment", args=[desk.assignment.pk])


@pytest.mark.parametrize("who", ["outsider", "observer"])
def test_others_find_nothing(desk: Desk, who: str) -> None:
    assert opened(desk, getattr(desk, who)).status_code == 404


def test_suggestion_is_not_found_by_its_agency(desk: Desk) -> None:
    suggested = services.suggest_assignment(
        desk.item, agency=desk.other_agency, role="support", actor=desk.administrator, now=desk.now
    )
    url = reverse("recommendations:update_start", args=[suggested.pk])
    assert browser_of(desk.outsider).get(url).status_code == 404


def test_queries_are_few(desk: Desk) -> None:
    desk.accepted()
    visitor = browser_of(desk.officer)
    with CaptureQueriesContext(connection) as captured:
        visitor.get(start_url(desk))
    assert len(captured) <= 11
