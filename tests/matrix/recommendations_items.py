"""Rows of what is said and set about an item: comments are of two sides alone, states are set by MAPO alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from recommendations import services
from tests.factories.accounts import World
from tests.factories.recommendations import SharedItem
from tests.matrix import AGENCY, MAPO, OFFICER, Row, only

Kwargs = Callable[[World], dict[str, Any]]


class Things(SharedItem):
    """Made when a row asks for it."""

    def __init__(self, world: World, now: datetime) -> None:
        super().__init__(world, now, number=80)

    def mention(self, target: str) -> int:
        """The officer of the agency is asked to look."""
        asked, told = self.about(target)["actor"], {"text": "Angka Sabah?", "classification": 1}
        comment = services.write_comment(
            self.assignment(target), **told, mentioned=[asked], actor=self.administrator, now=self.now
        )
        return comment.mentions.get().pk

    def override(self) -> int:
        """MAPO's own state, that stands."""
        facts = {"status": "progress", "percent": 30, "reason": "Belum disahkan"}
        return services.override_item(self.item, **facts, actor=self.administrator, now=self.now).pk


def furnish(world: World, now: datetime) -> None:
    """Remembers the instant; things are made when a row asks for one."""
    world.extra["items_now"] = now


def _things(world: World) -> Things:
    if "items" not in world.extra:
        world.extra["items"] = Things(world, world.extra["items_now"])
    things: Things = world.extra["items"]
    return things


def _thread(target: str) -> Kwargs:
    """A thread with something in it."""

    def kwargs(world: World) -> dict[str, Any]:
        _things(world).mention(target)
        return {"assignment_id": _things(world).assignment(target).pk}

    return kwargs


def _mention(target: str) -> Kwargs:
    return lambda world: {"mention_id": _things(world).mention(target)}


def _item(world: World) -> dict[str, Any]:
    return {"item_id": _things(world).item.pk}


def _override(world: World) -> dict[str, Any]:
    return {"override_id": _things(world).override()}


_SAID = {"text": "Bila boleh dihantar?", "classification": 1}
_SET = {"status": "progress", "percent": 30, "reason": "Belum disahkan"}


def _said(target: str) -> list[Row]:
    speakers = (*AGENCY, *MAPO) if target == "own" else MAPO
    asked = (OFFICER,) if target == "own" else ()
    written = only(*speakers, answer=302)
    return [
        Row("recommendations:comments", only(*speakers), target=target, kwargs=_thread(target)),
        Row("recommendations:comments", written, "post", target, _thread(target), lambda _world: _SAID),
        Row("recommendations:mention_seen", only(*asked, answer=302), "post", target, _mention(target)),
    ]


ROWS = [
    *_said("own"),
    *_said("foreign"),
    Row("recommendations:item_override", only(*MAPO), target="any", kwargs=_item),
    Row("recommendations:item_override", only(*MAPO, answer=302), "post", "any", _item, lambda _world: _SET),
    Row("recommendations:override_end", only(*MAPO), target="any", kwargs=_override),
    Row(
        "recommendations:override_end",
        only(*MAPO, answer=302),
        "post",
        "any",
        _override,
        lambda _world: {"reason": "Sudah disahkan"},
    ),
]
