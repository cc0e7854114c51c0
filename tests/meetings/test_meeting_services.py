"""Meetings are announced, changed, held, postponed, cancelled; minutes are closed and reopened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit.errors import BadValue, NotAllowed, NotNow
from audit.models import Event
from cycles.services import close_cycle
from meetings.models import Meeting
from meetings.services.meetings import (
    announce_meeting,
    cancel_meeting,
    change_meeting,
    close_meeting,
    hold_meeting,
    postpone_meeting,
    reopen_meeting,
)
from meetings.states import MEETING_MOVES, MeetingState
from privacy.checks import IdentitiesFound
from tests.meetings.conftest import TODAY, details, make_meeting
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db

LATER = date(2023, 10, 15)
ACTS: dict[str, Callable[..., Meeting]] = {
    "hold": hold_meeting,
    "close": close_meeting,
    "postpone": postpone_meeting,
    "cancel": cancel_meeting,
    "reopen": reopen_meeting,
}
REASONED = {move.act for move in MEETING_MOVES if move.needs_reason}
#: How a meeting comes into each state.
PATHS: dict[str, list[str]] = {
    MeetingState.ANNOUNCED: [],
    MeetingState.POSTPONED: ["postpone"],
    MeetingState.HELD: ["hold"],
    MeetingState.CLOSED: ["hold", "close"],
    MeetingState.CANCELLED: ["cancel"],
}


def do(desk: Desk, meeting: Meeting, act: str, **changes: Any) -> Meeting:
    """Do an act as the reviewer."""
    reason = {"reason": "Dewan tidak tersedia"} if act in REASONED else {}
    return ACTS[act](meeting, **({"actor": desk.reviewer, "now": desk.now} | reason | changes))


def in_state(desk: Desk, state: str, **values: Any) -> Meeting:
    meeting = make_meeting(desk, **values)
    for act in PATHS[state]:
        meeting = do(desk, meeting, act)
    return meeting


def test_announced_meeting_is_recorded(desk: Desk) -> None:
    meeting = make_meeting(desk, meets_on=LATER)
    event = Event.objects.get(action="meeting.announced")
    assert (event.label, event.object_id, event.agency_id) == (meeting.number, str(meeting.pk), None)
    assert event.after["meets_on"] == "2023-10-15" and event.after["begins"] == "10:30"


def test_only_mapo_keeps_meetings(desk: Desk) -> None:
    meeting = make_meeting(desk)
    for person in (desk.officer, desk.coordinator, desk.observer):
        about: dict[str, Any] = {"actor": person, "now": desk.now}
        with pytest.raises(NotAllowed):
            announce_meeting(desk.cycle, details=details(number="2"), **about)
        with pytest.raises(NotAllowed):
            change_meeting(meeting, seen=meeting.details.mark, details=details(venue="x"), **about)
        for act in ACTS:
            with pytest.raises(NotAllowed):
                do(desk, meeting, act, actor=person)
        assert not Meeting.objects.visible_to(person).exists()


def test_number_is_given_once_until_its_meeting_is_cancelled(desk: Desk) -> None:
    meeting = make_meeting(desk)
    with pytest.raises(BadValue) as refusal:
        make_meeting(desk)
    assert refusal.value.field == "number"
    do(desk, meeting, "cancel")
    assert make_meeting(desk).number == meeting.number


def test_every_pair_of_state_and_act_follows_the_table(desk: Desk) -> None:
    for state, act in list(product(MeetingState.values, ACTS)):
        with transaction.atomic():
            meeting = in_state(desk, state)
            move = next((each for each in MEETING_MOVES if each.act == act and each.source == state), None)
            if move is not None:
                assert do(desk, meeting, act).state == move.target, (state, act)
            elif (act, state) in {("hold", MeetingState.HELD), ("close", MeetingState.CLOSED)}:
                assert do(desk, meeting, act).state == state, (state, act)
            else:
                with pytest.raises(NotNow):
                    do(desk, meeting, act)
            transaction.set_rollback(True)


def test_database_refuses_moves_outside_the_table(desk: Desk) -> None:
    for source, target in list(product(MeetingState.values, MeetingState.values)):
        with transaction.atomic():
            meeting = in_state(desk, source)
            row = Meeting.objects.filter(pk=meeting.pk)
            is_move = any((move.source, move.target) == (source, target) for move in MEETING_MOVES)
            if is_move or source == target:
                row.update(state=target, state_reason="Surat")
            else:
                with pytest.raises(DatabaseError), transaction.atomic():
                    row.update(state=target, state_reason="Surat")
            transaction.set_rollback(True)


def test_reason_is_asked_for_kept_and_looked_at_for_identities(desk: Desk) -> None:
    for act in sorted(REASONED):
        with transaction.atomic():
            source = next(move.source for move in MEETING_MOVES if move.act == act)
            meeting = in_state(desk, source)
            with pytest.raises(NotNow):
                do(desk, meeting, act, reason=" ")
            with pytest.raises(IdentitiesFound):
                do(desk, meeting, act, reason="Mangsa 900101-14-5677 hadir")
            assert do(desk, meeting, act).state_reason == "Dewan tidak tersedia", act
            assert Event.objects.latest("pk").reason == "Dewan tidak tersedia", act
            transaction.set_rollback(True)


def test_meeting_of_a_later_day_is_not_held_yet(desk: Desk) -> None:
    with pytest.raises(NotNow):
        do(desk, make_meeting(desk, meets_on=LATER), "hold")


def test_postponed_meeting_is_announced_again_by_its_new_day(desk: Desk) -> None:
    meeting = in_state(desk, MeetingState.POSTPONED)
    about: dict[str, Any] = {"actor": desk.reviewer, "now": desk.now}
    changed = change_meeting(meeting, seen=meeting.details.mark, details=details(meets_on=LATER), **about)
    assert (changed.state, changed.meets_on, changed.state_reason) == (MeetingState.ANNOUNCED, LATER, "")
    event = Event.objects.get(action="meeting.changed")
    assert event.before == {"meets_on": TODAY.isoformat(), "state": "postponed"}


def test_change_over_a_colleagues_is_refused(desk: Desk) -> None:
    meeting = make_meeting(desk)
    about: dict[str, Any] = {"seen": meeting.details.mark, "now": desk.now}
    change_meeting(meeting, details=details(venue="Dewan A"), actor=desk.reviewer, **about)
    with pytest.raises(NotNow):
        change_meeting(meeting, details=details(venue="Dewan B"), actor=desk.second_reviewer, **about)


def test_details_of_a_held_meeting_stay(desk: Desk) -> None:
    for state in (MeetingState.HELD, MeetingState.CLOSED, MeetingState.CANCELLED):
        with transaction.atomic():
            meeting = in_state(desk, state)
            about: dict[str, Any] = {"actor": desk.reviewer, "now": desk.now, "seen": meeting.details.mark}
            with pytest.raises(NotNow):
                change_meeting(meeting, details=details(venue="Dewan A"), **about)
            with pytest.raises(DatabaseError), transaction.atomic():
                Meeting.objects.filter(pk=meeting.pk).update(venue="Dewan A")
            transaction.set_rollback(True)


def test_closed_cycle_takes_no_meeting(desk: Desk) -> None:
    meeting = make_meeting(desk)
    close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
    with pytest.raises(NotNow):
        make_meeting(desk, number="2")
    with pytest.raises(NotNow):
        do(desk, meeting, "hold")
