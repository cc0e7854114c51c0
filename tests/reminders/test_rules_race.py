"""Plannings and administrators at the same moment: default rules once, no twins, nobody overwrites unseen."""

from __future__ import annotations

from functools import partial

import pytest

from audit.models import Event
from reminders.kinds import ReminderKind
from reminders.models import DayOff, ReminderRule
from reminders.rules.checks import RuleValues
from reminders.services.days_off import add_day_off
from reminders.services.default_rules import give_default_rules
from reminders.services.rules import BadRule, add_rule, change_rule
from reminders.states import Audience
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.reminders import make_rule
from tests.recommendations.at_once import at_once
from tests.recommendations.conftest import Desk, make_desk
from tests.reminders.rules import values


@pytest.fixture
def desk(real_db: WorkerDatabase, clock: Clock) -> Desk:
    """The world with real commits."""
    return make_desk(clock.move_to(NOW))


def test_planners_at_once_give_the_usual_rules_once(desk: Desk) -> None:
    given = at_once(*[partial(give_default_rules, desk.cycle, now=desk.now)] * 4)
    kept = ReminderRule.objects.count()
    assert sorted(given, key=str) == [0, 0, 0, kept]
    assert Event.objects.filter(action="rules.loaded").count() == 1


def test_two_who_add_the_same_rule_at_once_keep_one(desk: Desk) -> None:
    make_rule(desk.cycle, ReminderKind.LETTER)
    came = at_once(
        *[partial(add_rule, desk.cycle, wanted=values(), actor=desk.administrator, now=desk.now)] * 3
    )
    assert sum(isinstance(each, BadRule) for each in came) == 2
    assert ReminderRule.objects.filter(what=ReminderKind.UPDATE_DUE).count() == 1


def test_of_two_who_change_a_rule_at_once_the_later_is_told(desk: Desk) -> None:
    rule = make_rule(desk.cycle, ReminderKind.UPDATE_DUE, first_days=5)
    seen = RuleValues.of(rule).mark
    change = partial(change_rule, rule, seen=seen, actor=desk.administrator, now=desk.now)
    came = at_once(
        partial(change, wanted=values(first_days=6)),
        partial(change, wanted=values(first_days=6, audience=Audience.COORDINATOR)),
    )
    assert sorted(type(each).__name__ for each in came) == ["ReminderRule", "Stale"]
    assert Event.objects.filter(action="rule.changed").count() == 1


def test_two_who_add_the_same_day_off_at_once_keep_one(desk: Desk) -> None:
    day = NOW.date().replace(day=20)
    add = partial(add_day_off, day=day, place="", name="Cuti", actor=desk.administrator, now=desk.now)
    at_once(add, add)
    assert DayOff.objects.count() == 1
