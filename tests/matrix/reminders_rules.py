"""Rows of the reminder rules, days off and preview, which administrators alone keep. They are nobody's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from backups.services.mail_switch import hold_mail
from recommendations.models import Cycle
from reminders.kinds import ReminderKind
from reminders.models import DayOff, ReminderRule
from reminders.rules.checks import RuleValues
from tests.conftest import NOW
from tests.factories.accounts import World
from tests.factories.recommendations import make_cycle
from tests.factories.reminders import make_day_off, make_rule
from tests.matrix import ADMINISTRATOR, Row, only

ADMIN = only(ADMINISTRATOR)
DONE = only(ADMINISTRATOR, answer=302)
#: Nothing was typed, so the form is shown again.
REFUSED = only(ADMINISTRATOR, answer=422)
WEDNESDAY = date(2023, 9, 20)


def _cycle() -> Cycle:
    return Cycle.objects.filter(year=2023).first() or make_cycle()


def _rule(_world: World) -> dict[str, Any]:
    rule = ReminderRule.objects.filter(cycle__year=2023).first()
    return {"rule_id": (rule or make_rule(_cycle(), ReminderKind.UPDATE_DUE, first_days=5)).pk}


def _after(made: Callable[[World], object]) -> Callable[[World], dict[str, Any]]:
    """An address without a thing in it, asked once there is one to show."""

    def kwargs(world: World) -> dict[str, Any]:
        made(world)
        return {}

    return kwargs


def _typed(first: int, act: str = "save") -> Callable[[World], dict[str, Any]]:
    """A rule for so many days after an update was due, as a browser sends it."""

    def fields(_world: World) -> dict[str, Any]:
        kept = ReminderRule.objects.filter(cycle=_cycle()).first()
        return {
            "what": "update_due",
            "audience": "responsible",
            "first_days": str(first),
            "first_side": "after",
            "coordinator_side": "after",
            "mapo_side": "after",
            "seen": RuleValues.of(kept).mark if kept else "",
            "act": act,
        }

    return fields


def _day_off(world: World) -> dict[str, Any]:
    administrator = world.people[ADMINISTRATOR]
    kept = DayOff.objects.in_force().first() or make_day_off(WEDNESDAY, actor=administrator, now=NOW)
    return {"day_off_id": kept.pk}


def _removed(world: World) -> dict[str, Any]:
    administrator = world.people[ADMINISTRATOR]
    removed = make_day_off(WEDNESDAY, actor=administrator, now=NOW)
    removed.removed_at, removed.removed_by = NOW, administrator
    removed.save(update_fields=["removed_at", "removed_by"])
    return {"day_off_id": removed.pk}


def _day(_world: World) -> dict[str, Any]:
    return {"day": "2023-09-21", "place": "", "name": "Cuti peristiwa"}


def _held(_world: World) -> dict[str, Any]:
    """Mail is held back when the address is asked."""
    hold_mail(reason="A restore", now=NOW)
    return {}


ROWS = [
    Row("reminders:held_mail", ADMIN),
    Row("reminders:held_mail", ADMIN, kwargs=_held, query="?held=1"),
    Row("reminders:held_mail", REFUSED, "post"),
    Row("reminders:held_mail", REFUSED, "post", data=lambda _world: {"give_up": "no"}, query="?held=0"),
    Row(
        "reminders:held_mail",
        DONE,
        "post",
        kwargs=_held,
        data=lambda _world: {"give_up": "yes"},
        query="?held=1",
    ),
    Row("reminders:rules", ADMIN, kwargs=_after(_rule)),
    Row("reminders:rule_add", ADMIN, kwargs=_after(_rule)),
    Row("reminders:rule_add", REFUSED, "post", kwargs=_after(_rule)),
    Row("reminders:rule", ADMIN, target="any", kwargs=_rule),
    Row("reminders:rule", ADMIN, "post", "any", _rule, _typed(7, act="look")),
    Row("reminders:rule", DONE, "post", "any", _rule, _typed(7)),
    Row("reminders:rule_switch", DONE, "post", "any", _rule, query="?to=off"),
    Row("reminders:preview", ADMIN),
    Row("reminders:preview", ADMIN, query="?day=2023-10-16"),
    Row("reminders:preview", ADMIN, query="?day=2023-09-25&shown=9999-12-31"),
    Row("reminders:days_off", ADMIN, kwargs=_after(_day_off)),
    Row("reminders:days_off", DONE, "post", data=_day),
    Row("reminders:day_off_remove", DONE, "post", "any", _day_off),
    Row("reminders:day_off_put_back", DONE, "post", "any", _removed),
]
