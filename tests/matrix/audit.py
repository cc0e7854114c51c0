"""Rows of the audit trail: administrators, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from audit.models import Anchor
from audit.services import record
from tests.factories.accounts import World
from tests.matrix import ADMINISTRATOR, Row, only
from tests.vouching import acting


def furnish(world: World, now: Any) -> None:
    """One act of the officer of the own agency, one of the foreign officer."""
    for key, actor in (("own_event", world.people["officer"]), ("foreign_event", world.foreign_officer)):
        with transaction.atomic():
            event = record(action="update.submitted", actor=actor, agency_id=actor.agency_id, now=now)
        world.extra[key] = event.pk
    with acting():
        said = {"position": 1, "hash": "a" * 64, "at": now, "line": "x", "proof": b"x"}
        world.extra["anchor"] = Anchor.objects.create(
            kind="mail", name="a@b.example", outcome="kept", **said
        ).pk


def _event(target: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"event_id": world.extra[f"{target}_event"]}


ROWS = [
    Row("audit:trail", only(ADMINISTRATOR)),
    Row("audit:export", only(ADMINISTRATOR), method="post"),
    Row("audit:export", only(ADMINISTRATOR, answer=302), method="get"),
    Row(
        "audit:anchor",
        only(ADMINISTRATOR),
        target="any",
        kwargs=lambda world: {"anchor_id": world.extra["anchor"]},
    ),
    Row("audit:demo_day", only(ADMINISTRATOR)),
    Row("audit:demo_day", only(ADMINISTRATOR, answer=422), method="post"),
    Row("audit:event", only(ADMINISTRATOR), target="own", kwargs=_event("own")),
    Row("audit:event", only(ADMINISTRATOR), target="foreign", kwargs=_event("foreign")),
]
