"""The list of meetings and the pages of one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from meetings.models import Meeting
from meetings.states import MeetingState
from tests.meetings.conftest import make_meeting
from tests.meetings.test_meeting_services import in_state
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db

TYPED = {"number": "Bil. 3/2023", "meets_on": "15/10/2023", "begins": "10:30", "venue": "Putrajaya"}


@pytest.fixture
def mapo(client: Client, desk: Desk) -> Client:
    client.force_login(desk.reviewer)
    return client


def address(meeting: Meeting, name: str = "meeting") -> str:
    return reverse(f"meetings:{name}", args=[meeting.pk])


def test_announced_from_the_page_with_a_suggested_number(mapo: Client) -> None:
    url = reverse("meetings:meeting_announce")
    assert b"Mesyuarat MAPO Bil. 1/2023" in mapo.get(url).content
    response = mapo.post(url, TYPED)
    meeting = Meeting.objects.get()
    assert response["Location"] == address(meeting)
    assert (meeting.meets_on, meeting.begins.hour) == (date(2023, 10, 15), 10)


def test_taken_number_is_told_beside_its_field(mapo: Client, desk: Desk) -> None:
    make_meeting(desk, number=TYPED["number"])
    response = mapo.post(reverse("meetings:meeting_announce"), TYPED)
    assert response.status_code == 422 and response.context["form"].errors["number"]


def test_suggested_number_is_free_after_a_meeting_was_cancelled(mapo: Client, desk: Desk) -> None:
    for number in (1, 2):
        make_meeting(desk, number=f"Mesyuarat MAPO Bil. {number}/2023", meets_on=date(2023, 10, number))
    in_state(desk, MeetingState.CANCELLED, number="Mesyuarat MAPO Bil. 3/2023", meets_on=date(2023, 10, 9))
    assert b"Mesyuarat MAPO Bil. 4/2023" in mapo.get(reverse("meetings:meeting_announce")).content


def test_list_says_of_a_meeting_whose_day_is_over_what_to_do(mapo: Client, desk: Desk) -> None:
    make_meeting(desk, number="A", meets_on=date(2023, 10, 1))
    assert b"Tarikhnya telah berlalu" not in mapo.get(reverse("meetings:meetings")).content
    make_meeting(desk, number="B", meets_on=date(2023, 9, 1))
    page = mapo.get(reverse("meetings:meetings")).content.decode()
    assert page.count("Tarikhnya telah berlalu") == 1 and "Lewat" not in page


def test_next_meeting_comes_first(mapo: Client, desk: Desk) -> None:
    in_state(desk, MeetingState.POSTPONED, number="D", meets_on=date(2023, 9, 15))
    for number, day in (("B", date(2023, 12, 1)), ("A", date(2023, 10, 1))):
        make_meeting(desk, number=number, meets_on=day)
    for number, day in (("P", date(2023, 5, 1)), ("Q", date(2023, 7, 1))):
        in_state(desk, MeetingState.CLOSED, number=number, meets_on=day)
    page = mapo.get(reverse("meetings:meetings")).context["page"]
    assert [[each.number for each in part] for part in (page.coming, page.past)] == [
        ["A", "B", "D"],
        ["Q", "P"],
    ]


@pytest.mark.parametrize("state", MeetingState.values)
def test_page_shows_what_may_be_done(mapo: Client, desk: Desk, state: str) -> None:
    meeting = in_state(desk, state)
    response = mapo.get(address(meeting))
    offered: dict[str, Any] = response.context["acts_on"]
    assert {act for act, is_offered in offered.items() if is_offered} == {
        act for act in offered if meeting.may(act)
    }


def test_list_and_page_cost_the_same_with_more_meetings(
    mapo: Client, desk: Desk, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        make_meeting(desk, number=str(number))
    with django_assert_max_num_queries(8):
        mapo.get(reverse("meetings:meetings"))
    with django_assert_max_num_queries(8):
        mapo.get(address(Meeting.objects.latest("pk")))
