"""Rows of reading one's own news, which is nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.factories.accounts import World
from tests.factories.deliveries import make_notice
from tests.matrix import OFFICER, Row, nobody, only


def furnish(world: World, now: datetime) -> None:
    """Remembers the instant; news is given when a row asks for it."""
    world.extra["notices_now"] = now


def _notice(person: str) -> Callable[[World], dict[str, Any]]:
    def given(world: World) -> dict[str, Any]:
        to = world.foreign_officer if person == "foreign" else world.people[OFFICER]
        return {"notice_id": make_notice(to, now=world.extra["notices_now"]).pk}

    return given


ROWS = [
    Row("reminders:notice_read", only(OFFICER, answer=302), "post", "own", _notice("own")),
    Row("reminders:notice_read", nobody(), "post", "foreign", _notice("foreign")),
]
