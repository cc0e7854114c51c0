"""The page on which decisions are recorded, and the one on which an agency reads its own."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from meetings.models import Meeting, MeetingDecision
from meetings.services.decisions import withdraw_decision
from meetings.services.meetings import close_meeting, hold_meeting
from recommendations.models import Action
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.meetings.conftest import make_meeting
from tests.meetings.test_decisions import decide
from tests.recommendations.conftest import Desk
from tests.shared import shared

pytestmark = pytest.mark.django_db


@pytest.fixture
def mapo(client: Client, desk: Desk) -> Client:
    client.force_login(desk.reviewer)
    return client


@shared
def meeting(desk: Desk) -> Meeting:
    return hold_meeting(make_meeting(desk), actor=desk.reviewer, now=desk.now)


def page_of(meeting: Meeting) -> str:
    return reverse("meetings:meeting_decisions", args=[meeting.pk])


def typed(desk: Desk, **values: Any) -> dict[str, Any]:
    usual = {"text": "Hantar data", "item": desk.item.pk, "agency": desk.agency.pk, "due_on": "31/10/2023"}
    return usual | {"token": str(uuid4())} | values


def test_decision_is_recorded_and_the_form_begins_anew(mapo: Client, desk: Desk, meeting: Meeting) -> None:
    response = mapo.post(page_of(meeting), typed(desk))
    assert response["Location"] == page_of(meeting)
    page = mapo.get(page_of(meeting))
    assert page.context["form"].initial["due_on"].isoformat() == "2023-10-31"
    assert "Hantar data" in page.content.decode() and "autofocus" in page.content.decode()


def test_decision_for_mapo_has_no_agency(mapo: Client, desk: Desk, meeting: Meeting) -> None:
    mapo.post(page_of(meeting), typed(desk, agency="mapo"))
    assert MeetingDecision.objects.get().agency is None


def test_day_that_has_passed_is_told_at_its_field_and_the_text_stays(
    mapo: Client, desk: Desk, meeting: Meeting
) -> None:
    response = mapo.post(page_of(meeting), typed(desk, due_on="1/9/2023"))
    assert response.status_code == 422 and response.context["form"].errors["due_on"]
    assert "Hantar data" in response.content.decode() and not Action.objects.exists()


def test_closed_minutes_offer_no_form(mapo: Client, desk: Desk, meeting: Meeting) -> None:
    decide(desk, meeting)
    close_meeting(meeting, actor=desk.reviewer, now=desk.now)
    assert mapo.get(page_of(meeting)).context["form"] is None
    assert mapo.post(page_of(meeting), typed(desk))["Location"] == page_of(meeting)
    assert MeetingDecision.objects.count() == 1


def test_correction_by_the_page(mapo: Client, desk: Desk, meeting: Meeting) -> None:
    decision = decide(desk, meeting)
    url = reverse("meetings:decision_correct", args=[meeting.pk, decision.pk])
    assert decision.text in mapo.get(url).content.decode()
    assert mapo.post(url, typed(desk, text="Hantar semua data")).status_code == 422
    mapo.post(url, typed(desk, text="Hantar semua data", reason="Tersalah taip"))
    text = mapo.get(page_of(meeting)).content.decode()
    assert "Hantar semua data" in text and "Tersalah taip" in text


def test_agency_reads_its_decisions_with_their_meeting(client: Client, desk: Desk, meeting: Meeting) -> None:
    decide(desk, meeting)
    decide(desk, meeting, text="Rahsia agensi lain", agency=desk.other_agency)
    withdrawn = decide(desk, meeting, text="Ditarik balik")
    withdraw_decision(withdrawn, reason="Tersalah perkara", actor=desk.reviewer, now=desk.now)
    client.force_login(desk.officer)
    text = client.get(reverse("meetings:our_decisions")).content.decode()
    assert meeting.number in text and "Hantar data pendakwaan" in text and "Tersalah perkara" in text
    assert "Rahsia agensi lain" not in text
    work = client.get(reverse("recommendations:my_work")).content.decode()
    assert reverse("meetings:our_decisions") in work


def test_pages_cost_the_same_with_more_decisions(
    mapo: Client, desk: Desk, meeting: Meeting, django_assert_max_num_queries: Any
) -> None:
    for _number in range(6):
        decide(desk, meeting)
    with django_assert_max_num_queries(9):
        mapo.get(page_of(meeting))
    mapo.force_login(desk.officer)
    with django_assert_max_num_queries(6):
        mapo.get(reverse("meetings:our_decisions"))


def test_decision_for_an_agency_without_people_is_warned_of_and_told(
    mapo: Client, desk: Desk, meeting: Meeting
) -> None:
    empty = AgencyFactory(code="MOT")
    UserFactory(role=Role.OFFICER, agency=empty, joined_at=None, invited_at=desk.now)
    choices = dict(mapo.get(page_of(meeting)).context["form"].fields["agency"].choices)
    assert choices[str(empty.pk)].endswith("(Tiada pegawai aktif)")
    assert not choices[str(desk.agency.pk)].endswith(")") and choices["mapo"] == "MAPO"
    assert [line.is_deserted for line in _recorded(mapo, desk, meeting, agency=desk.agency.pk)] == [False]
    assert [line.is_deserted for line in _recorded(mapo, desk, meeting, agency="mapo")] == [False, False]
    response = mapo.post(page_of(meeting), typed(desk, agency=empty.pk), follow=True)
    assert "MOT" in str(next(iter(response.context["messages"])))
    lines = response.context["lines"]
    assert [line.is_deserted for line in lines] == [False, False, True]
    assert "Tiada pegawai aktif" in response.content.decode().partition("<table")[2]
    withdraw_decision(lines[-1].decision, reason="Tersilap", actor=desk.reviewer, now=desk.now)
    assert not mapo.get(page_of(meeting)).context["lines"][-1].is_deserted


def _recorded(mapo: Client, desk: Desk, meeting: Meeting, **values: Any) -> list[Any]:
    """Record a decision, and return the page's list of them."""
    response = mapo.post(page_of(meeting), typed(desk, **values), follow=True)
    lines: list[Any] = response.context["lines"]
    return lines
