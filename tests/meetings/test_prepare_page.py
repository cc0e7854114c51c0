"""The page on which the secretary prepares a meeting."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from meetings.models import AgendaPoint, Meeting
from meetings.queries.agenda import newest_rows
from meetings.queries.rows import AgendaRow
from meetings.services.agenda import prepare_meeting, save_point
from meetings.states import GATHERED_KINDS
from tests.meetings.conftest import TODAY, make_meeting
from tests.recommendations.conftest import Desk
from tests.shared import shared

pytestmark = pytest.mark.django_db


@pytest.fixture
def mapo(client: Client, desk: Desk) -> Client:
    client.force_login(desk.reviewer)
    return client


@shared
def meeting(desk: Desk) -> Meeting:
    desk.accepted()
    made = make_meeting(desk)
    return prepare_meeting(
        made, as_at_on=TODAY, since_on=TODAY.replace(day=1), actor=desk.reviewer, now=desk.now
    )


def prepare_url(meeting: Meeting) -> str:
    return reverse("meetings:meeting_prepare", args=[meeting.pk])


def point_url(point: AgendaPoint) -> str:
    return reverse("meetings:point_save", args=[point.meeting_id, point.pk])


def typed(point: AgendaPoint, **values: Any) -> dict[str, Any]:
    return {"text": "Untuk keputusan", "classification": 1, "revision": point.revision} | values


def test_days_are_suggested_then_the_points_are_shown(mapo: Client, desk: Desk) -> None:
    meeting = make_meeting(desk)
    page = mapo.get(prepare_url(meeting))
    assert page.context["agenda"] is None and "13/9/2023" in page.content.decode()
    response = mapo.post(prepare_url(meeting), {"as_at_on": "14/9/2023", "since_on": "1/9/2023"})
    assert response["Location"] == prepare_url(meeting)
    assert len(mapo.get(prepare_url(meeting)).context["forms"]) == len(GATHERED_KINDS)


def test_day_in_the_future_is_told_at_its_field(mapo: Client, desk: Desk) -> None:
    response = mapo.post(prepare_url(make_meeting(desk)), {"as_at_on": "1/10/2023", "since_on": "1/9/2023"})
    assert response.status_code == 422 and response.context["days_form"].errors["as_at_on"]


def test_point_is_saved_with_what_is_left_out(mapo: Client, meeting: Meeting) -> None:
    point = meeting.points.get(kind="changed")
    page = mapo.get(prepare_url(meeting)).context
    [row] = next(each for each in page["agenda"].points if each.kind == "changed").all_rows
    response = mapo.post(point_url(point), typed(point, left_out=[row.key]))
    assert response["Location"] == f"{prepare_url(meeting)}#point-{point.pk}"
    point.refresh_from_db()
    assert (point.text, point.left_out) == ("Untuk keputusan", [row.key])
    assert f'name="left_out" value="{row.key}" checked' in mapo.get(prepare_url(meeting)).content.decode()


def test_text_over_a_colleagues_is_kept_and_both_are_shown(
    mapo: Client, desk: Desk, meeting: Meeting
) -> None:
    point = meeting.points.get(kind="late")
    about: dict[str, Any] = {"classification": 1, "is_left_out": False, "now": desk.now}
    save_point(point, revision=1, text="Teks rakan", actor=desk.second_reviewer, **about)
    response = mapo.post(point_url(point), typed(point, text="Teks saya"))
    text = response.content.decode()
    assert response.status_code == 422 and "Teks rakan" in text and "Teks saya" in text
    assert mapo.post(point_url(point), typed(point, text="Teks saya", revision=2)).status_code == 302
    point.refresh_from_db()
    assert point.text == "Teks saya"


def test_identity_in_a_text_is_asked_about(mapo: Client, meeting: Meeting) -> None:
    point = meeting.points.get(kind="late")
    response = mapo.post(point_url(point), typed(point, text="Mangsa 900101-14-5677 hadir"))
    assert response.status_code == 422 and "900101-14-5677" in response.content.decode()


def test_own_point_is_added_and_moved(mapo: Client, meeting: Meeting) -> None:
    url = reverse("meetings:point_add", args=[meeting.pk])
    assert mapo.post(url, {"text": "x", "classification": 1}).status_code == 422
    mapo.post(url, {"title": "Hal-hal lain", "text": "", "classification": 1})
    own = meeting.points.get(kind="own")
    mapo.post(reverse("meetings:point_move", args=[meeting.pk, own.pk]), {"to": "up"})
    assert [point.pk for point in meeting.points.order_by("position")].index(own.pk) == len(
        GATHERED_KINDS
    ) - 1


def test_newest_rows_are_those_of_the_newest_days_whatever_their_item() -> None:
    def row(number: int, day: int) -> AgendaRow:
        values: dict[str, Any] = {"item_kind": "recommendation", "title_ms": "", "title_en": ""}
        return AgendaRow(
            key=f"{number}-{day}", item_id=number, number=number, on=date(2023, 9, day), **values
        )

    rows = [row(1, 3), row(1, 9), row(2, 4), row(2, 5)]
    assert [each.key for each in newest_rows(rows, most=2)] == ["1-9", "2-5"]


def test_long_point_lists_its_newest_rows_and_keeps_what_is_left_out_of_the_others(
    mapo: Client, desk: Desk, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("meetings.queries.agenda.MOST_ROWS", 1)
    for _time in range(2):
        desk.accepted()
    point = meeting.points.get(kind="changed")
    page = mapo.get(prepare_url(meeting))
    shown = next(each for each in page.context["agenda"].points if each.kind == "changed")
    first, _second, last = shown.all_rows
    assert (shown.listed_rows, shown.more_count) == ((last,), 2)
    about: dict[str, Any] = {"text": "", "classification": 1, "is_left_out": False, "now": desk.now}
    save_point(point, revision=1, left_out=[first.key], actor=desk.reviewer, **about)
    mapo.post(point_url(point), typed(point, revision=2, left_out=[last.key]))
    point.refresh_from_db()
    assert point.left_out == sorted([first.key, last.key])


def test_page_begins_with_the_points_in_order_folds_long_ones_and_takes_few_queries(
    mapo: Client, meeting: Meeting, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = mapo.get(prepare_url(meeting)).content.decode()
    contents = page.partition("<nav aria-labelledby")[2].partition("</nav>")[0]
    for point in meeting.points.all():
        assert f'href="#point-{point.pk}"' in contents
    late = meeting.points.get(kind="late")
    rows = re.search(rf'#point-{late.pk}".*?nowrap">(.*?)</span>', contents, re.DOTALL)
    assert rows and rows[1].strip()
    with django_assert_max_num_queries(16):
        mapo.get(prepare_url(meeting))
    assert "<details><summary>" not in mapo.get(prepare_url(meeting)).content.decode()
    monkeypatch.setattr("meetings.queries.agenda.MOST_OPEN_ROWS", 0)
    assert "<details><summary>" in mapo.get(prepare_url(meeting)).content.decode()


def test_moving_a_point_leads_back_to_the_button_that_moved_it(mapo: Client, meeting: Meeting) -> None:
    points = list(meeting.points.order_by("position"))
    for point, to, button in (
        (points[2], "up", "up"),
        (points[2], "up", "down"),
        (points[-2], "down", "up"),
        (points[4], "down", "down"),
    ):
        answer = mapo.post(reverse("meetings:point_move", args=[meeting.pk, point.pk]), {"to": to})
        assert answer.headers["Location"] == f"{prepare_url(meeting)}#point-{point.pk}-{button}"
        page = mapo.get(prepare_url(meeting)).content.decode()
        assert f'id="point-{point.pk}-{button}"' in page
