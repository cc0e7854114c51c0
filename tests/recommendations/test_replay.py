"""The turns of states: when which state began, and by what."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from overview.queries.trend import trend_of_cycle
from recommendations import services
from recommendations.content import Content
from recommendations.models import ItemOverride, Review
from recommendations.queries import state_replay
from recommendations.queries.cycle_state import state_of_cycle
from recommendations.states import AssignmentRole, ItemKind, Status
from tests.conftest import Clock
from tests.factories.recommendations import DONE, REPORTED, make_accepted, make_assignment, make_role
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_day_after_the_items_were_entered(desk: Desk, clock: Clock) -> None:
    later(clock, desk, days=1)


FURTHER = Content(**{**REPORTED.__dict__, "percent": 70})


def changes(desk: Desk) -> list[state_replay.StateChange]:
    return state_replay.drop_momentary(state_replay.replay(state_replay.changes_of_item(desk.item)))


def later(clock: Clock, desk: Desk, *, days: int) -> datetime:
    desk.now = clock.move_to(desk.now + timedelta(days=days))
    return desk.now


def test_only_a_verdict_with_another_status_is_a_turn(desk: Desk, clock: Clock) -> None:
    first = desk.accepted()
    later(clock, desk, days=1)
    further = desk.accepted(FURTHER)
    later(clock, desk, days=1)
    done = desk.accepted(DONE)
    for review, is_turn in ((first, True), (further, False), (done, True)):
        assert Review.objects.get(pk=review.pk).is_turn is is_turn
    told = [(each.turn.what, each.turn.turn_id, each.state.status) for each in changes(desk)[1:]]
    assert told == [
        (state_replay.VERDICT, first.pk, Status.PROGRESS),
        (state_replay.VERDICT, done.pk, Status.DONE),
    ]


def test_a_first_verdict_of_no_action_begins_nothing(desk: Desk) -> None:
    desk.accepted(Content(**{**REPORTED.__dict__, "status": Status.NONE, "percent": 0}))
    assert [each.state.status for each in changes(desk)] == [Status.NONE]


def test_a_supporting_agency_that_joins_takes_completed_back(desk: Desk, clock: Clock) -> None:
    desk.accepted(DONE)
    now = later(clock, desk, days=1)
    services.assign_agency(
        desk.item,
        agency=desk.other_agency,
        role=AssignmentRole.SUPPORT,
        actor=desk.administrator,
        now=now,
    )
    newest = changes(desk)[-1]
    assert (newest.turn.what, newest.before and newest.before.status) == (state_replay.PART, Status.DONE)
    assert newest.state.status == Status.PROGRESS


def test_passing_the_lead_on_is_told_as_one_change(desk: Desk, clock: Clock) -> None:
    support = make_assignment(
        desk.item, desk.other_agency, actor=desk.administrator, now=desk.now, role=AssignmentRole.SUPPORT
    )
    desk.accepted(DONE)
    now = later(clock, desk, days=1)
    make_role(support, AssignmentRole.LEAD, actor=desk.administrator, now=now)
    states = [each.state.status for each in changes(desk)]
    assert states == [Status.NONE, Status.PROGRESS, Status.NONE]


def test_an_override_stands_before_the_verdicts_until_it_ends(desk: Desk, clock: Clock) -> None:
    desk.accepted(DONE)
    override = services.override_item(
        desk.item,
        status=Status.PROGRESS,
        percent=80,
        reason="Menunggu pekeliling",
        actor=desk.reviewer,
        now=desk.now,
    )
    state = state_of_cycle(desk.cycle, user=desk.observer).items[0].state
    assert (state.status, state.percent) == (Status.PROGRESS, 80)
    assert state.override and state.override.reason == "Menunggu pekeliling"
    assert state.beneath and state.beneath.status == Status.DONE
    now = later(clock, desk, days=2)
    services.end_override(override, reason="Pekeliling keluar", actor=desk.administrator, now=now)
    newest = changes(desk)[-1]
    assert (newest.turn.what, newest.state.status) == (state_replay.OVERRIDE_END, Status.DONE)


def test_setting_anew_replaces_and_the_same_twice_sets_once(desk: Desk, clock: Clock) -> None:
    def set_to(percent: int, now: datetime) -> ItemOverride:
        return services.override_item(
            desk.item,
            status=Status.PROGRESS,
            percent=percent,
            reason="Keputusan mesyuarat",
            actor=desk.reviewer,
            now=now,
        )

    first = set_to(50, desk.now)
    assert set_to(50, desk.now) == first
    second = set_to(60, later(clock, desk, days=1))
    first.refresh_from_db()
    assert (second.replaces, first.ended_at) == (first, desk.now)
    assert list(desk.item.overrides.standing()) == [second]


def test_trend_counts_each_day_in_one_query(desk: Desk, clock: Clock) -> None:
    began = desk.now.date()
    desk.accepted()
    later(clock, desk, days=3)
    desk.accepted(DONE)
    with CaptureQueriesContext(connection) as queries:
        trend = trend_of_cycle(desk.cycle)
    assert len(queries) == 1
    days = trend.days(began - timedelta(days=1), began + timedelta(days=4), kind=ItemKind.RECOMMENDATION)
    assert [(day.none, day.progress, day.done) for day in days] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 1, 0),
        (0, 1, 0),
        (0, 0, 1),
        (0, 0, 1),
    ]
    assert trend.at(date(2030, 1, 1), kind=ItemKind.RECOMMENDATION).of(Status.DONE) == 1
    assert trend.at(began, kind=ItemKind.WEAKNESS).progress == 0


def test_the_last_supporting_verdict_completes_the_item(desk: Desk, clock: Clock) -> None:
    support = make_assignment(
        desk.item, desk.other_agency, actor=desk.administrator, now=desk.now, role=AssignmentRole.SUPPORT
    )
    desk.accepted(DONE)
    later(clock, desk, days=1)
    other = make_accepted(support, actor=desk.outsider, reviewer=desk.reviewer, now=desk.now, content=DONE)
    newest = changes(desk)[-1]
    assert (newest.turn.what, newest.turn.turn_id, newest.state.status) == (
        state_replay.VERDICT,
        other.pk,
        Status.DONE,
    )
