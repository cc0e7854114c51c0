"""A planned step lies within reach of its cycle, and an assignment has only so many: each is reminded of."""

from datetime import date

import pytest

from audit.errors import BadValue, NotNow
from audit.models import Event
from recommendations.models import Action
from recommendations.services import plan_action
from recommendations.services.actions import MOST_PLANNED
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db


def plan(desk: Desk, day: date, done_on: date | None = None) -> Action:
    about = {"owner": desk.officer, "actor": desk.officer, "now": desk.now}
    return plan_action(desk.assignment, text="Kursus.", due_on=day, done_on=done_on, **about)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(2023, 3, 31), date(2026, 4, 3), date(9999, 12, 31)])
def test_step_out_of_reach_of_the_window_is_refused(desk: Desk, day: date) -> None:
    with pytest.raises(NotNow):
        plan(desk, day)
    assert not Action.objects.exists()


@pytest.mark.parametrize("day", [date(2023, 9, 14), date(2024, 3, 31), date(2026, 4, 2)])
def test_step_within_reach_is_planned(desk: Desk, day: date) -> None:
    assert plan(desk, day).due_on == day


@pytest.mark.parametrize("day", [date(2023, 4, 1), date(2023, 9, 13)])
def test_step_due_in_the_past_is_refused_beside_its_day(desk: Desk, day: date) -> None:
    with pytest.raises(BadValue) as refused:
        plan(desk, day)
    assert refused.value.field == "due_on"
    assert not Action.objects.exists()


def test_step_due_in_the_past_is_kept_when_it_is_done_already(desk: Desk) -> None:
    step = plan(desk, date(2023, 9, 1), done_on=date(2023, 9, 4))
    assert (step.due_on, step.done_on) == (date(2023, 9, 1), date(2023, 9, 4))
    event = Event.objects.get(action="action.planned")
    assert event.after == {"owner": desk.officer.pk, "due_on": "2023-09-01", "done_on": "2023-09-04"}


def test_step_done_on_a_day_to_come_is_refused_beside_its_day(desk: Desk) -> None:
    with pytest.raises(BadValue) as refused:
        plan(desk, date(2023, 9, 20), done_on=date(2023, 9, 15))
    assert refused.value.field == "done_on"


def test_steps_of_an_assignment_are_bounded(desk: Desk) -> None:
    for _number in range(MOST_PLANNED):
        plan(desk, date(2023, 10, 1))
    with pytest.raises(NotNow):
        plan(desk, date(2023, 10, 1))
