"""Rows of the calendar: its address opens to whoever holds it, signed in or not, and to nobody by a guess."""

from __future__ import annotations

from typing import Any

from reminders.queries.feed.links import feed_token
from tests.factories.accounts import World
from tests.matrix import Row, everybody, public


def _link(world: World) -> dict[str, Any]:
    person = world.foreign_officer
    return {"user_id": person.pk, "token": feed_token(person.pk, 0)}


def _link_of_another(world: World) -> dict[str, Any]:
    return _link(world) | {"user_id": world.foreign_coordinator.pk}


def _link_of_the_invited(world: World) -> dict[str, Any]:
    return {"user_id": world.invited.pk, "token": feed_token(world.invited.pk, 0)}


ROWS = [
    Row("reminders:feed", public(), target="any", kwargs=_link),
    Row("reminders:feed", public(), "head", "any", _link),
    Row("reminders:feed", public(404), target="foreign", kwargs=_link_of_another),
    Row("reminders:feed", public(404), target="own", kwargs=_link_of_the_invited),
    Row("reminders:feed_show", everybody(302)),
    Row("reminders:feed_renew", everybody(302), "post"),
]
