"""Rows of one's own reminders, which are nobody else's, and of the page behind the link of a mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from tests.factories.accounts import World
from tests.factories.deliveries import make_reminder
from tests.factories.recommendations import SharedItem
from tests.matrix import AGENCY, MAPO, OFFICER, Answer, Row, everybody, nobody, only

Kwargs = Callable[[World], dict[str, Any]]
_CHOICES = {"language": "ms", "hour": "9", "kinds": ["interim"]}


def furnish(world: World, now: datetime) -> None:
    """Remembers the instant; things are made when a row asks for one."""
    world.extra["mine_now"] = now


def _things(world: World) -> SharedItem:
    if "mine" not in world.extra:
        world.extra["mine"] = SharedItem(world, world.extra["mine_now"], number=81)
    things: SharedItem = world.extra["mine"]
    return things


def _assignment(target: str) -> Kwargs:
    return lambda world: {"assignment_id": _things(world).assignment(target).pk}


def _reminder(target: str) -> Kwargs:
    """One of the agency's officer."""

    def made(world: World) -> dict[str, Any]:
        things = _things(world)
        about = things.about(target)
        told = make_reminder(
            about["actor"], things.assignment(target), due_on=date(2023, 9, 20), now=about["now"]
        )
        return {"reminder_id": told.pk}

    return made


def _told(world: World) -> dict[str, Any]:
    """Everybody has been told of something that is late, and of something that is settled."""
    things = _things(world)
    for person in world.people.values():
        for day, settled_at in ((date(2023, 9, 4), None), (date(2023, 8, 4), things.now)):
            make_reminder(
                person, things.own, due_on=day, now=things.now, is_escalation=True, settled_at=settled_at
            )
    return {}


def _report(*readers: str) -> dict[str, Answer]:
    """The page for the agency's own people; MAPO is led to the assignment."""
    return only(*MAPO, answer=302) | dict.fromkeys(readers, 200)


ROWS = [
    Row("reminders:mine", everybody(), kwargs=_told),
    Row("reminders:mine", everybody(), kwargs=_told, query="?show=earlier"),
    Row("reminders:read_all", everybody(302), "post"),
    Row("reminders:read", only(OFFICER, answer=302), "post", "own", _reminder("own")),
    Row("reminders:read", nobody(), "post", "foreign", _reminder("foreign")),
    Row("reminders:preferences", everybody()),
    Row("reminders:preferences", everybody(302), "post", data=lambda _world: _CHOICES),
    Row("recommendations:update_start", _report(*AGENCY), target="own", kwargs=_assignment("own")),
    Row("recommendations:update_start", _report(), target="foreign", kwargs=_assignment("foreign")),
]
