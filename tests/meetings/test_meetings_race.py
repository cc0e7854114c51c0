"""Several at the same moment: two secretaries at one agenda, two recorders of decisions, minutes that close meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from meetings.models import LaidAgenda, Meeting, MeetingDecision
from meetings.services.agenda import move_point, prepare_meeting, save_point
from meetings.services.decisions import record_decision
from meetings.services.laying import fingerprint_of, lay_agenda
from meetings.services.meetings import announce_meeting, close_meeting, hold_meeting
from recommendations.models import Action
from recommendations.services import finish_action
from tests.meetings.conftest import TODAY, details, make_meeting
from tests.meetings.test_decisions import DUE, decide
from tests.recommendations.at_once import Deed, at_once
from tests.recommendations.conftest import Desk


def names(answers: list[object]) -> list[str]:
    return sorted(type(answer).__name__ for answer in answers)


def recording(desk: Desk, meeting: Meeting, **values: Any) -> Deed:
    usual: dict[str, Any] = {"text": "Hantar data", "item": desk.item, "agency": desk.agency, "due_on": DUE}
    about: dict[str, Any] = {"token": uuid4(), "actor": desk.reviewer, "now": desk.now}
    return lambda: record_decision(meeting, **(usual | about | values))


def test_one_number_is_given_once(open_desk: Desk) -> None:
    desk = open_desk
    about: dict[str, Any] = {"details": details(), "now": desk.now}
    answers = at_once(
        *(
            lambda person=person: announce_meeting(desk.cycle, actor=person, **about)
            for person in (desk.reviewer, desk.second_reviewer)
        )
    )
    assert names(answers) == ["BadValue", "Meeting"] and Meeting.objects.count() == 1


def test_two_texts_of_one_point_do_not_overwrite_each_other(open_desk: Desk) -> None:
    desk = open_desk
    point = make_meeting(desk).points.get(kind="late")
    about: dict[str, Any] = {"revision": 1, "classification": 1, "is_left_out": False, "now": desk.now}
    answers = at_once(
        lambda: save_point(point, text="Satu", actor=desk.reviewer, **about),
        lambda: save_point(point, text="Dua", actor=desk.second_reviewer, **about),
    )
    assert names(answers) == ["AgendaPoint", "Stale"]


def test_points_moved_at_once_keep_one_place_each(open_desk: Desk) -> None:
    desk = open_desk
    points = list(make_meeting(desk).points.order_by("position"))
    about: dict[str, Any] = {"actor": desk.reviewer, "now": desk.now}
    answers = at_once(
        lambda: move_point(points[3], by=-1, **about), lambda: move_point(points[2], by=1, **about)
    )
    assert names(answers) == ["AgendaPoint", "AgendaPoint"]
    places = sorted(points[0].meeting.points.values_list("position", flat=True))
    assert places == list(range(1, 1 + len(points)))


def test_agenda_laid_while_a_text_changes_holds_one_of_the_two_texts(open_desk: Desk) -> None:
    desk = open_desk
    meeting = make_meeting(desk)
    point = meeting.points.get(kind="late")
    yesterday = TODAY - timedelta(days=1)
    prepare_meeting(meeting, as_at_on=yesterday, since_on=yesterday, actor=desk.reviewer, now=desk.now)
    about: dict[str, Any] = {"revision": 1, "classification": 1, "is_left_out": False, "now": desk.now}
    answers = at_once(
        lambda: save_point(point, text="Dua", actor=desk.reviewer, **about),
        lambda: lay_agenda(meeting, actor=desk.second_reviewer, now=desk.now),
    )
    assert names(answers) == ["AgendaPoint", "LaidAgenda"]
    laid = LaidAgenda.objects.get()
    assert {each["text"] for each in laid.content["points"]} in ({""}, {"", "Dua"})
    assert laid.sha256 == fingerprint_of(laid.content)


def test_decisions_recorded_at_once_are_numbered_and_a_token_counts_once(open_desk: Desk) -> None:
    desk = open_desk
    meeting = hold_meeting(make_meeting(desk), actor=desk.reviewer, now=desk.now)
    token = uuid4()
    answers = at_once(
        recording(desk, meeting, token=token),
        recording(desk, meeting, token=token),
        recording(desk, meeting, text="Lain", agency=None),
    )
    assert names(answers) == ["MeetingDecision"] * 3
    assert sorted(MeetingDecision.objects.values_list("number", flat=True)) == [1, 2]
    assert Action.objects.count() == 2


def test_minutes_close_before_or_after_a_decision(open_desk: Desk) -> None:
    desk = open_desk
    meeting = hold_meeting(make_meeting(desk), actor=desk.reviewer, now=desk.now)
    answer, closed = at_once(
        recording(desk, meeting), lambda: close_meeting(meeting, actor=desk.second_reviewer, now=desk.now)
    )
    assert isinstance(closed, Meeting)
    is_recorded = isinstance(answer, MeetingDecision)
    assert MeetingDecision.objects.count() == Action.objects.count() == int(is_recorded)


def test_agency_finishes_while_another_decision_is_recorded(open_desk: Desk) -> None:
    desk = open_desk
    meeting = hold_meeting(make_meeting(desk), actor=desk.reviewer, now=desk.now)
    step = decide(desk, meeting).action
    done, recorded = at_once(
        lambda: finish_action(step, done_on=TODAY, actor=desk.officer, now=desk.now), recording(desk, meeting)
    )
    assert isinstance(done, Action) and isinstance(recorded, MeetingDecision)
