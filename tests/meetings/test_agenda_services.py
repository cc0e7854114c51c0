"""The secretary's part of an agenda: days, order, texts, own points; nothing is overwritten or lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit.errors import BadValue, NotAllowed, NotNow, Stale
from audit.models import Event
from meetings.models import AgendaPoint, Meeting
from meetings.services.agenda import add_point, move_point, prepare_meeting, save_point
from meetings.services.meetings import hold_meeting
from meetings.states import GATHERED_KINDS
from privacy.checks import IdentitiesFound
from tests.meetings.conftest import TODAY, make_meeting
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db

IDENTITY = "Mangsa 900101-14-5677 hadir"


@pytest.fixture
def meeting(desk: Desk) -> Meeting:
    return make_meeting(desk)


def about(desk: Desk) -> dict[str, Any]:
    return {"actor": desk.reviewer, "now": desk.now}


def save(desk: Desk, point: AgendaPoint, **values: Any) -> AgendaPoint:
    usual = {"revision": point.revision, "text": "Teks", "classification": 1, "is_left_out": False}
    return save_point(point, **(usual | about(desk) | values))


def kinds(meeting: Meeting) -> list[str]:
    return [point.title or point.kind for point in meeting.points.order_by("position")]


def test_new_agenda_has_every_gathered_point_in_order(meeting: Meeting) -> None:
    assert kinds(meeting) == list(GATHERED_KINDS)


def test_days_are_set_recorded_and_checked(desk: Desk, meeting: Meeting) -> None:
    since = date(2023, 6, 30)
    with pytest.raises(BadValue) as refusal:
        prepare_meeting(meeting, as_at_on=TODAY + timedelta(days=1), since_on=since, **about(desk))
    assert refusal.value.field == "as_at_on"
    with pytest.raises(BadValue) as refusal:
        prepare_meeting(meeting, as_at_on=since, since_on=TODAY, **about(desk))
    assert refusal.value.field == "since_on"
    for _time in range(2):
        prepare_meeting(meeting, as_at_on=TODAY, since_on=since, **about(desk))
    assert Event.objects.get(action="meeting.prepared").after["as_at_on"] == "2023-09-14"


def test_text_is_saved_and_the_log_holds_none_of_it(desk: Desk, meeting: Meeting) -> None:
    saved = save(desk, meeting.points.first(), text="Majlis diminta menimbang.")
    assert (saved.text, saved.revision) == ("Majlis diminta menimbang.", 2)
    event = Event.objects.get(action="agenda.point_saved")
    assert "Majlis" not in f"{event.before} {event.after} {event.reason}"


def test_colleagues_version_is_not_overwritten(desk: Desk, meeting: Meeting) -> None:
    point = meeting.points.first()
    save(desk, point, text="Mula-mula", actor=desk.second_reviewer)
    with pytest.raises(Stale) as refusal:
        save(desk, point, text="Kemudian")
    assert refusal.value.current.text == "Mula-mula"
    assert AgendaPoint.objects.get(pk=point.pk).text == "Mula-mula"


def test_saving_the_same_twice_saves_once(desk: Desk, meeting: Meeting) -> None:
    point = meeting.points.first()
    assert save(desk, point).revision == save(desk, point).revision == 2


def test_identity_needs_a_reason(desk: Desk, meeting: Meeting) -> None:
    with pytest.raises(IdentitiesFound):
        save(desk, meeting.points.first(), text=IDENTITY)
    with pytest.raises(IdentitiesFound):
        add_point(meeting, title=IDENTITY, text="", **about(desk))
    save(desk, meeting.points.first(), text=IDENTITY, identities_reason="Bukan mangsa")
    assert Event.objects.get(action="agenda.point_saved").reason == "Bukan mangsa"


def test_class_above_ones_own_is_neither_given_nor_overwritten(desk: Desk, meeting: Meeting) -> None:
    with pytest.raises(BadValue):
        save(desk, meeting.points.first(), classification=3)
    point = save(desk, meeting.points.first(), classification=2)
    desk.second_reviewer.clearance = 1
    with pytest.raises(NotAllowed):
        save(desk, point, actor=desk.second_reviewer)


def test_points_move_by_one_place_and_stay_at_the_ends(desk: Desk, meeting: Meeting) -> None:
    own = add_point(meeting, title="Hal lain", text="", **about(desk))
    move_point(own, by=-1, **about(desk))
    assert kinds(meeting)[-2:] == ["Hal lain", GATHERED_KINDS[-1]]
    for _time in range(12):
        move_point(own, by=-1, **about(desk))
    assert kinds(meeting)[0] == "Hal lain" and len(kinds(meeting)) == 1 + len(GATHERED_KINDS)


def test_agenda_of_a_held_meeting_stays(desk: Desk, meeting: Meeting) -> None:
    point = meeting.points.first()
    hold_meeting(meeting, **about(desk))
    with pytest.raises(NotNow):
        save(desk, point)
    with pytest.raises(NotNow):
        move_point(point, by=1, **about(desk))
    with pytest.raises(NotNow):
        add_point(meeting, title="Hal lain", text="", **about(desk))
    with pytest.raises(NotNow):
        prepare_meeting(meeting, as_at_on=TODAY, since_on=TODAY, **about(desk))
    with pytest.raises(DatabaseError), transaction.atomic():
        AgendaPoint.objects.filter(pk=point.pk).update(text="x")


def test_only_mapo_writes_and_sees_an_agenda(desk: Desk, meeting: Meeting) -> None:
    for person in (desk.officer, desk.coordinator, desk.observer):
        with pytest.raises(NotAllowed):
            save(desk, meeting.points.first(), actor=person)
        with pytest.raises(NotAllowed):
            add_point(meeting, title="x", text="", actor=person, now=desk.now)
        assert not AgendaPoint.objects.visible_to(person).exists()
