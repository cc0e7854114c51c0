"""A planned step lies within reach of its cycle, and an assignment has only so many: each is reminded of."""

from datetime import date

import pytest

from audit.errors import NotNow
from recommendations.models import Action
from recommendations.services import plan_action
from recommendations.services.actions import MOST_PLANNED
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db


def plan(desk: Desk, day: date) -> Action:
    return plan_action(
        desk.assignment, text="Kursus.", owner=desk.officer, due_on=day, actor=desk.officer, now=desk.now
    )


@pytest.mark.parametrize("day", [date(1, 1, 1), date(2023, 3, 31), date(2026, 4, 3), date(9999, 12, 31)])
def test_step_out_of_reach_of_the_window_is_refused(desk: Desk, day: date) -> None:
    with pytest.raises(NotNow):
        plan(desk, day)
    assert not Action.objects.exists()


@pytest.mark.parametrize("day", [date(2023, 4, 1), date(2024, 3, 31), date(2026, 4, 2)])
def test_step_within_reach_is_planned(desk: Desk, day: date) -> None:
    assert plan(desk, day).due_on == day


def test_steps_of_an_assignment_are_bounded(desk: Desk) -> None:
    for _number in range(MOST_PLANNED):
        plan(desk, date(2023, 10, 1))
    with pytest.raises(NotNow):
        plan(desk, date(2023, 10, 1))
