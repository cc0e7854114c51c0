"""Rows of MAPO's page of what became of the mails, and of nudges: MAPO's alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from audit.clock import local_date
from reminders.models import Delivery
from reminders.states import DeliveryState
from tests.factories.accounts import World
from tests.factories.deliveries import attempt, make_delivery, make_reminder
from tests.factories.recommendations import SharedItem
from tests.matrix import MAPO, OFFICER, Row, everybody, only

Kwargs = Callable[[World], dict[str, Any]]


class Things(SharedItem):
    """Made when a row asks for it."""

    def __init__(self, world: World, now: datetime) -> None:
        super().__init__(world, now, number=66)

    def failed(self, target: str) -> Delivery:
        """A mail that failed, to somebody of the agency."""
        to = self.world.people[OFFICER] if target == "own" else self.world.foreign_officer
        reminder = make_reminder(to, self.assignment(target), due_on=local_date(self.now), now=self.now)
        mail = make_delivery(to, now=self.now, state=DeliveryState.FAILED, reminders=(reminder,))
        attempt(mail, now=self.now, outcome="permanent", words="550 5.1.1 User unknown")
        return mail


def furnish(world: World, now: datetime) -> None:
    """Remembers the instant; things are made when a row asks for one."""
    world.extra["delivery_now"] = now


def _things(world: World) -> Things:
    if "delivery" not in world.extra:
        world.extra["delivery"] = Things(world, world.extra["delivery_now"])
    things: Things = world.extra["delivery"]
    return things


def _mail(target: str) -> Kwargs:
    return lambda world: {"delivery_id": _things(world).failed(target).pk}


def _failed(world: World) -> dict[str, Any]:
    """Makes a mail that failed; the address names none."""
    _things(world).failed("own")
    return {}


def _choice(world: World) -> dict[str, Any]:
    return {"chosen": str(_things(world).own.pk)}


def _nudge(world: World) -> dict[str, Any]:
    return {"assignment": str(_things(world).own.pk), "line": "Sila hantar laporan."}


def _preview(world: World) -> dict[str, Any]:
    return {**_nudge(world), "preview": "1"}


def _of_mail(target: str) -> list[Row]:
    return [
        Row("reminders:delivery_mail", only(*MAPO), target=target, kwargs=_mail(target)),
        Row("reminders:resend", only(*MAPO, answer=302), "post", target, _mail(target)),
    ]


ROWS = [
    *(
        Row("reminders:delivery", only(*MAPO), kwargs=_failed, query=query)
        for query in ("", "?show=people", "?show=agencies", "?state=failed&day=2023-09-14")
    ),
    *_of_mail("own"),
    *_of_mail("foreign"),
    Row("reminders:resend_failed", everybody(302)),
    Row("reminders:resend_failed", only(*MAPO, answer=302), "post", kwargs=_failed),
    Row("reminders:nudge", only(*MAPO)),
    Row("reminders:nudge", only(*MAPO, answer=302), "post", data=_choice),
    Row("reminders:nudge", only(*MAPO, answer=302), "post", data=_nudge, query="?assignment=1"),
    Row("reminders:nudge", only(*MAPO), "post", data=_preview, query="?assignment=1"),
]
