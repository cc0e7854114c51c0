"""Several at the same moment: two definitions, one code, targets, revisions."""

from __future__ import annotations

from audit.models import Event
from indicators.models import Figure, Target
from indicators.services.definitions import definition_of
from tests.factories.indicators import make_indicator
from tests.indicators.test_definitions import add, change
from tests.indicators.test_targets import aim, reported, revise
from tests.recommendations.at_once import at_once
from tests.recommendations.conftest import Desk


def test_two_at_once_change_one_after_the_other(open_desk: Desk) -> None:
    desk = open_desk
    indicator = make_indicator(agency=desk.agency)
    seen = definition_of(indicator).mark
    answers = at_once(
        *(lambda name=name: change(desk, indicator, name_ms=name, seen=seen) for name in ("Satu", "Dua"))
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NotNow", "bool"]
    assert Event.objects.filter(action="indicator.changed").count() == 1


def test_one_code_is_given_once(open_desk: Desk) -> None:
    desk = open_desk
    answers = at_once(lambda: add(desk), lambda: add(desk))
    assert sorted(type(answer).__name__ for answer in answers) == ["BadValue", "Indicator"]


def test_two_who_set_at_once_leave_one_standing(open_desk: Desk) -> None:
    desk = open_desk
    indicator = make_indicator(agency=desk.agency)
    answers = at_once(*(lambda number=number: aim(desk, indicator, number) for number in (40, 50, 60)))
    assert all(isinstance(answer, Target) for answer in answers)
    assert Target.objects.standing().count() == 1 and Target.objects.count() == 3


def test_two_who_revise_at_once_leave_one_standing(open_desk: Desk) -> None:
    desk = open_desk
    figure = reported(desk, make_indicator(agency=desk.agency))
    answers = at_once(*(lambda text=text: revise(desk, figure, text) for text in ("13", "14")))
    assert sorted(type(answer).__name__ for answer in answers) == ["Figure", "NotNow"]
    assert Figure.objects.standing().count() == 1
