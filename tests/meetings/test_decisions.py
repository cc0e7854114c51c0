"""Decisions are recorded, corrected and withdrawn; each is a planned step, and a later meeting says what became of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from audit.clock import KUALA_LUMPUR
from audit.errors import BadValue, NotAllowed, NotNow
from audit.models import Event
from meetings.models import Meeting, MeetingDecision
from meetings.queries.agenda import read_agenda
from meetings.queries.decisions_page import decisions_for_agency, decisions_of
from meetings.services.agenda import prepare_meeting
from meetings.services.decisions import correct_decision, record_decision, withdraw_decision
from meetings.services.meetings import close_meeting, hold_meeting
from meetings.states import PointKind
from privacy.checks import IdentitiesFound
from recommendations.models import Action
from recommendations.outcomes import DecisionOutcome
from recommendations.services import ask_later_step, cancel_action, finish_action
from tests.conftest import Clock
from tests.factories.recommendations import make_cycle, make_item
from tests.meetings.conftest import TODAY, make_meeting
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db

DUE = date(2023, 10, 31)


@pytest.fixture
def meeting(desk: Desk) -> Meeting:
    return hold_meeting(make_meeting(desk), actor=desk.reviewer, now=desk.now)


def about(desk: Desk) -> dict[str, Any]:
    return {"actor": desk.reviewer, "now": desk.now}


def decide(desk: Desk, meeting: Meeting, **values: Any) -> MeetingDecision:
    usual = {"text": "Hantar data pendakwaan", "item": desk.item, "agency": desk.agency, "due_on": DUE}
    return record_decision(meeting, **(usual | {"token": uuid4()} | about(desk) | values))


def correct(desk: Desk, decision: MeetingDecision, **values: Any) -> MeetingDecision:
    usual = {
        "text": decision.text,
        "item": decision.item,
        "agency": decision.agency,
        "due_on": decision.due_on,
    }
    return correct_decision(decision, **(usual | {"reason": "Tersalah taip"} | about(desk) | values))


def test_decision_is_a_step_of_its_agency(desk: Desk, meeting: Meeting) -> None:
    decision = decide(desk, meeting)
    step = decision.action
    assert (step.agency, step.item, step.text, step.due_on) == (desk.agency, desk.item, decision.text, DUE)
    assert step.is_decision and not step.is_mapo and step.assignment == desk.assignment
    assert Action.objects.visible_to(desk.officer).get() == step
    event = Event.objects.get(action="decision.recorded")
    assert event.agency_id is None and "data" not in str(event.after)


def test_decision_for_mapo_is_a_step_of_mapo_alone(desk: Desk, meeting: Meeting) -> None:
    decision = decide(desk, meeting, agency=None)
    assert (decision.whose, decision.action.is_mapo) == ("MAPO", True)
    assert not Action.objects.visible_to(desk.officer).exists()


def test_decisions_are_numbered_and_sent_twice_recorded_once(desk: Desk, meeting: Meeting) -> None:
    token = uuid4()
    first = decide(desk, meeting, token=token)
    assert decide(desk, meeting, token=token) == first
    assert decide(desk, meeting).number == 2 and Action.objects.count() == 2


def test_refused_decision_leaves_nothing(desk: Desk, meeting: Meeting) -> None:
    for values, error in (
        ({"due_on": TODAY - timedelta(days=1)}, BadValue),
        ({"text": "Mangsa 900101-14-5677 hadir"}, IdentitiesFound),
    ):
        with pytest.raises(error):
            decide(desk, meeting, **values)
        assert not MeetingDecision.objects.exists() and not Action.objects.exists(), values
    with pytest.raises(BadValue) as refusal:
        decide(desk, meeting, item=make_item(make_cycle(2024)))
    assert refusal.value.field == "item"


def test_decisions_are_recorded_between_meeting_and_closed_minutes(desk: Desk, meeting: Meeting) -> None:
    with pytest.raises(NotNow):
        decide(desk, make_meeting(desk, number="2"))
    decision = decide(desk, meeting)
    close_meeting(meeting, **about(desk))
    with pytest.raises(NotNow):
        decide(desk, meeting)
    with pytest.raises(NotNow):
        correct(desk, decision, text="Lain")
    with pytest.raises(NotNow):
        withdraw_decision(decision, reason="Tersalah", **about(desk))
    with pytest.raises(DatabaseError), transaction.atomic():
        MeetingDecision.objects.filter(pk=decision.pk).update(ended_reason="x")


def test_correction_keeps_the_number_the_step_and_the_past(desk: Desk, meeting: Meeting) -> None:
    decision = decide(desk, meeting)
    corrected = correct(desk, decision, text="Hantar data pendakwaan 2023", due_on=date(2023, 11, 15))
    assert (corrected.number, corrected.action_id, corrected.replaces) == (1, decision.action_id, decision)
    corrected.action.refresh_from_db()
    assert corrected.action.text == "Hantar data pendakwaan 2023"
    [line] = decisions_of(meeting, user=desk.reviewer, today=TODAY)
    assert line.decision == corrected and [each.text for each in line.former] == ["Hantar data pendakwaan"]
    assert line.former[0].ended_reason == "Tersalah taip"


def test_correction_to_another_agency_moves_the_step(desk: Desk, meeting: Meeting) -> None:
    decision = decide(desk, meeting)
    corrected = correct(desk, decision, agency=desk.other_agency)
    decision.action.refresh_from_db()
    assert decision.action.cancelled_reason == "Tersalah taip"
    assert (corrected.action.agency, corrected.action.assignment) == (desk.other_agency, None)
    [lost] = decisions_for_agency(desk.officer, today=TODAY)
    [gained] = decisions_for_agency(desk.outsider, today=TODAY)
    assert lost.is_withdrawn and not gained.is_withdrawn


def test_correction_that_says_the_same_or_gives_no_reason_is_refused(desk: Desk, meeting: Meeting) -> None:
    decision = decide(desk, meeting)
    with pytest.raises(NotNow):
        correct(desk, decision)
    with pytest.raises(NotNow):
        correct(desk, decision, text="Lain", reason=" ")


def test_withdrawn_decision_cancels_its_step_and_stays_in_the_minutes(desk: Desk, meeting: Meeting) -> None:
    decision = decide(desk, meeting)
    withdraw_decision(decision, reason="Tersalah perkara", **about(desk))
    decision.action.refresh_from_db()
    assert decision.action.cancelled_reason == "Tersalah perkara"
    [line] = decisions_of(meeting, user=desk.reviewer, today=TODAY)
    assert line.is_withdrawn and decide(desk, meeting).number == 2
    with pytest.raises(NotNow):
        withdraw_decision(decision, reason="Lagi", **about(desk))


@pytest.mark.parametrize("built", ["done", "later"])
def test_nothing_is_taken_back_once_something_was_built_on_it(
    desk: Desk, meeting: Meeting, built: str
) -> None:
    decision = decide(desk, meeting)
    about_agency: dict[str, Any] = {"actor": desk.officer, "now": desk.now}
    if built == "done":
        finish_action(decision.action, done_on=TODAY, **about_agency)
    else:
        ask_later_step(decision.action, proposed_on=date(2023, 12, 1), reason="Data lewat", **about_agency)
    with pytest.raises(NotNow):
        correct(desk, decision, text="Lain")
    with pytest.raises(NotNow):
        withdraw_decision(decision, reason="Tersalah", **about(desk))


def test_only_mapo_records_corrects_and_withdraws(desk: Desk, meeting: Meeting) -> None:
    decision = decide(desk, meeting)
    for person in (desk.officer, desk.coordinator, desk.observer):
        with pytest.raises(NotAllowed):
            decide(desk, meeting, actor=person)
        with pytest.raises(NotAllowed):
            correct(desk, decision, text="Lain", actor=person)
        with pytest.raises(NotAllowed):
            withdraw_decision(decision, reason="x", actor=person, now=desk.now)


def test_agency_sees_the_decisions_that_name_it_and_observers_none(desk: Desk, meeting: Meeting) -> None:
    own, foreign, mapo = (
        decide(desk, meeting, agency=agency) for agency in (desk.agency, desk.other_agency, None)
    )
    seen = MeetingDecision.objects.visible_to
    assert list(seen(desk.officer)) == [own] and list(seen(desk.outsider)) == [foreign]
    assert list(seen(desk.observer)) == [] and list(seen(desk.reviewer)) == [own, foreign, mapo]
    assert [line.decision for line in decisions_for_agency(desk.coordinator, today=TODAY)] == [own]


def test_next_meeting_says_what_became_of_decisions_as_at_its_day(
    desk: Desk, meeting: Meeting, clock: Clock
) -> None:
    done, late, given_up, still = (
        decide(desk, meeting, text=text, due_on=due)
        for text, due in (("Siap", DUE), ("Lewat", DUE), ("Batal", DUE), ("Terbuka", date(2023, 12, 31)))
    )
    later = clock.move_to(datetime(2023, 11, 10, 9, 0, tzinfo=KUALA_LUMPUR))
    finish_action(done.action, done_on=date(2023, 10, 20), actor=desk.officer, now=later)
    cancel_action(given_up.action, reason="Tidak perlu", actor=desk.reviewer, now=later)
    following = make_meeting(desk, now=later, number="Bil. 2/2023", meets_on=date(2023, 11, 20))

    def told(as_at: date, *, now: datetime) -> dict[str, str]:
        days: dict[str, Any] = {"as_at_on": as_at, "since_on": min(TODAY, as_at)}
        prepared = prepare_meeting(following, actor=desk.reviewer, now=now, **days)
        gathered = read_agenda(prepared, user=desk.reviewer).gathering
        return {row.text: row.what for row in gathered.of(PointKind.EARLIER)}

    outcome = DecisionOutcome
    on_the_day = {
        "Siap": outcome.DONE,
        "Lewat": outcome.LATE,
        "Batal": outcome.CANCELLED,
        "Terbuka": outcome.OPEN,
    }
    assert told(date(2023, 11, 10), now=later) == on_the_day
    gathered = read_agenda(Meeting.objects.get(pk=following.pk), user=desk.reviewer).gathering
    (row,) = (row for row in gathered.of(PointKind.EARLIER) if row.what == outcome.CANCELLED)
    assert (row.on, row.cancelled_reason) == (date(2023, 11, 10), "Tidak perlu")
    # As at a day before anything was done; the next day on which nothing changed tells only what is open.
    assert set(told(date(2023, 10, 30), now=later).values()) == {outcome.OPEN}
    much_later = clock.move_to(datetime(2023, 12, 20, 9, 0, tzinfo=KUALA_LUMPUR))
    finish_action(late.action, done_on=date(2023, 12, 1), actor=desk.officer, now=much_later)
    assert told(date(2023, 11, 10), now=much_later) == on_the_day
    assert still.outcome(date(2023, 12, 20)) == outcome.OPEN


def test_done_before_the_paper_before_is_not_told_again(desk: Desk, meeting: Meeting, clock: Clock) -> None:
    decision = decide(desk, meeting)
    finish_action(decision.action, done_on=TODAY, actor=desk.officer, now=desk.now)
    later = clock.move_to(datetime(2023, 11, 10, 9, 0, tzinfo=KUALA_LUMPUR))
    following = make_meeting(desk, now=later, number="Bil. 2/2023", meets_on=date(2023, 11, 20))
    days: dict[str, Any] = {"as_at_on": date(2023, 11, 9), "since_on": date(2023, 10, 1)}
    prepared = prepare_meeting(following, actor=desk.reviewer, now=later, **days)
    assert read_agenda(prepared, user=desk.reviewer).gathering.of(PointKind.EARLIER) == ()
