"""The list of meetings and the pages of one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.errors import NotNow
from audit.models import Event
from meetings.models import Meeting
from meetings.services.agenda import add_point, prepare_meeting
from meetings.services.laying import lay_agenda
from meetings.services.meetings import close_meeting, record_attendance
from meetings.states import MeetingState
from tests.conftest import Clock
from tests.meetings.conftest import TODAY, make_meeting
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


def test_page_shows_what_may_be_done(mapo: Client, desk: Desk) -> None:
    for state in MeetingState.values:
        with transaction.atomic():
            meeting = in_state(desk, state)
            response = mapo.get(address(meeting))
            offered: dict[str, Any] = response.context["acts_on"]
            assert {act for act, is_offered in offered.items() if is_offered} == {
                act for act in offered if meeting.may(act)
            }, state
            transaction.set_rollback(True)


def test_list_and_page_cost_the_same_with_more_meetings(
    mapo: Client, desk: Desk, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        make_meeting(desk, number=str(number))
    with django_assert_max_num_queries(8):
        mapo.get(reverse("meetings:meetings"))
    with django_assert_max_num_queries(8):
        mapo.get(address(Meeting.objects.latest("pk")))


def _in_english(person: User) -> User:
    person.language = "en"
    person.save(update_fields=["language"])
    return person


class TestHolding:
    def test_page_says_whether_the_agenda_was_laid_and_changed_since(
        self, desk: Desk, clock: Clock, client: Client
    ) -> None:
        """Given an agenda that changed after it was laid, when somebody is about to hold the meeting, then the page warns and
        offers to lay it anew; a GET holds nothing."""
        tomorrow = clock.move_to(desk.now + timedelta(days=1))
        about: dict[str, Any] = {"actor": desk.reviewer, "now": tomorrow}
        meeting = make_meeting(desk, now=tomorrow, meets_on=tomorrow.date())
        prepare_meeting(meeting, as_at_on=TODAY, since_on=date(2023, 3, 31), **about)
        client.force_login(_in_english(desk.reviewer))
        url = reverse("meetings:meeting_hold", args=[meeting.pk])
        assert "has not been laid before the council" in client.get(url).content.decode()
        lay_agenda(meeting, **about)
        assert "The agenda is as it was laid on" in client.get(url).content.decode()
        add_point(meeting, title="Hal lain", text="", **about)
        page = client.get(url).content.decode()
        assert "has changed since it was laid on" in page and "Lay the agenda again" in page
        lay_url = reverse("meetings:agenda_lay", args=[meeting.pk])
        assert client.post(lay_url, {"next": "hold"}).url == url
        assert "The agenda is as it was laid on" in client.get(url).content.decode()
        meeting.refresh_from_db()
        assert meeting.state == "announced" and meeting.laid_agendas.count() == 2

    def test_agenda_that_changed_after_the_page_was_opened_is_shown_before_the_meeting_is_held(
        self, desk: Desk, clock: Clock, client: Client
    ) -> None:
        tomorrow = clock.move_to(desk.now + timedelta(days=1))
        about: dict[str, Any] = {"actor": desk.second_reviewer, "now": tomorrow}
        meeting = make_meeting(desk, now=tomorrow, meets_on=tomorrow.date())
        prepare_meeting(meeting, as_at_on=TODAY, since_on=date(2023, 3, 31), **about)
        lay_agenda(meeting, **about)
        client.force_login(_in_english(desk.reviewer))
        url = reverse("meetings:meeting_hold", args=[meeting.pk])
        form = client.get(url).context["form"]
        add_point(meeting, title="Hal lain", text="", **about)
        typed = {"attendance": "PDRM: dua wakil", "seen": form["seen"].value()}
        refused = client.post(url, typed)
        page = refused.content.decode()
        assert refused.status_code == 422 and "has changed since it was laid on" in page
        assert "Something changed after you opened this page" in page and "PDRM: dua wakil" in page
        meeting.refresh_from_db()
        assert meeting.state == "announced"
        assert client.post(url, typed | {"seen": refused.context["form"]["seen"].value()}).status_code == 302
        assert client.post(url, typed).status_code == 302, "twice is once"
        meeting.refresh_from_db()
        assert (meeting.state, meeting.attendance) == ("held", "PDRM: dua wakil")

    def test_who_was_present_is_not_replaced_unseen(self, desk: Desk, client: Client) -> None:
        meeting = make_meeting(desk)
        client.force_login(_in_english(desk.reviewer))
        client.post(reverse("meetings:meeting_hold", args=[meeting.pk]), {"attendance": "PDRM: dua wakil"})
        url = reverse("meetings:meeting_attendance", args=[meeting.pk])
        seen = client.get(url).context["form"]["seen"].value()
        about: dict[str, Any] = {"actor": desk.second_reviewer, "now": desk.now}
        record_attendance(meeting, attendance="PDRM: dua wakil\nJIM: seorang wakil", **about)
        refused = client.post(url, {"attendance": "KDN: tiga wakil", "seen": seen})
        page = refused.content.decode()
        assert refused.status_code == 422 and "KDN: tiga wakil" in page and "JIM: seorang wakil" in page
        meeting.refresh_from_db()
        assert meeting.attendance.endswith("JIM: seorang wakil")
        again = {"attendance": "KDN: tiga wakil", "seen": refused.context["form"]["seen"].value()}
        assert client.post(url, again).status_code == 302

    def test_who_was_present_as_a_second_person_typed_it_is_not_lost(
        self, desk: Desk, client: Client
    ) -> None:
        meeting = make_meeting(desk)
        client.force_login(_in_english(desk.reviewer))
        url = reverse("meetings:meeting_hold", args=[meeting.pk])
        typed = {"attendance": "PDRM: dua wakil", "seen": client.get(url).context["form"]["seen"].value()}
        assert client.post(url, typed).status_code == 302
        assert client.post(url, typed).status_code == 302, "twice is once"
        theirs = client.post(url, typed | {"attendance": "KDN: tiga wakil"})
        page = theirs.content.decode()
        assert theirs.status_code == 422 and "KDN: tiga wakil" in page and "PDRM: dua wakil" in page
        both = {"attendance": "PDRM: dua wakil\nKDN: tiga wakil"}
        assert client.post(url, both | {"seen": theirs.context["form"]["seen"].value()}).status_code == 302
        meeting.refresh_from_db()
        assert meeting.attendance == both["attendance"]

    def test_who_was_present_is_recorded_until_the_minutes_are_closed(
        self, desk: Desk, client: Client
    ) -> None:
        meeting = make_meeting(desk)
        client.force_login(_in_english(desk.reviewer))
        hold = reverse("meetings:meeting_hold", args=[meeting.pk])
        assert client.post(hold, {"attendance": "PDRM: dua wakil"}).status_code == 302
        meeting.refresh_from_db()
        assert (meeting.state, meeting.attendance) == ("held", "PDRM: dua wakil")
        url = reverse("meetings:meeting_attendance", args=[meeting.pk])
        client.post(url, {"attendance": "PDRM: dua wakil\nJIM: seorang wakil"})
        meeting.refresh_from_db()
        assert meeting.attendance.endswith("JIM: seorang wakil")
        event = Event.objects.filter(action="meeting.attendance").latest("pk")
        assert "wakil" not in str(event.after)
        about: dict[str, Any] = {"actor": desk.reviewer, "now": desk.now}
        close_meeting(meeting, **about)
        with pytest.raises(NotNow):
            record_attendance(meeting, attendance="Tiada", **about)
        with pytest.raises(DatabaseError), transaction.atomic():
            Meeting.objects.filter(pk=meeting.pk).update(attendance="Tiada")
