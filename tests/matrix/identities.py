"""Rows of the data officer's pages: cleared administrators, and nobody else."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from audit.services import record
from privacy.checks import MARKS, marks_for
from privacy.models import IdentityMark
from tests.factories.accounts import World
from tests.matrix import ADMINISTRATOR, Row, only


def furnish(world: World, now: Any) -> None:
    """One text of the own agency's and one of the foreign one's with hidden words."""
    for key, actor in (("own_mark", world.people["officer"]), ("foreign_mark", world.foreign_officer)):
        marks = list(marks_for("narrative", f"Mangsa KP 900101-14-5567 ({key})."))
        with transaction.atomic():
            about: dict[str, Any] = {"agency_id": actor.agency_id, "reason": "Latihan.", "now": now}
            event = record(action="update.submitted", actor=actor, after={MARKS: marks}, **about)
        world.extra[key] = IdentityMark.objects.get(event_id=event.pk).pk


def _rows(target: str) -> list[Row]:
    def mark(world: World) -> dict[str, Any]:
        return {"mark_id": world.extra[f"{target}_mark"]}

    return [
        Row("identities:mark", only(ADMINISTRATOR), target=target, kwargs=mark),
        Row("identities:lift", only(ADMINISTRATOR), target=target, kwargs=mark),
        Row("identities:lift", only(ADMINISTRATOR, answer=422), method="post", target=target, kwargs=mark),
        Row("identities:decide", only(ADMINISTRATOR, answer=302), target=target, kwargs=mark),
        Row("identities:decide", only(ADMINISTRATOR, answer=302), method="post", target=target, kwargs=mark),
    ]


ROWS = [
    Row("identities:register", only(ADMINISTRATOR)),
    Row("identities:hide", only(ADMINISTRATOR)),
    Row("identities:hide", only(ADMINISTRATOR, answer=422), method="post"),
    *_rows("own"),
    *_rows("foreign"),
]
