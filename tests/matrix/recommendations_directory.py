"""Rows of the pages that everybody reads beside the items: contacts, and weaknesses with what answers them."""

from __future__ import annotations

from typing import Any

from recommendations.models import Cycle, Item, ItemLink
from recommendations.states import ItemKind
from tests.factories.accounts import World
from tests.factories.recommendations import make_cycle, make_item
from tests.matrix import MAPO, Row, everybody, only


def _linked(world: World) -> ItemLink:
    """A weakness that a recommendation answers; made when a row asks for it."""
    if "link" not in world.extra:
        cycle = Cycle.objects.first() or make_cycle()
        weakness = make_item(cycle, number=91, kind=ItemKind.WEAKNESS)
        world.extra["link"] = ItemLink.objects.create(weakness=weakness, answer=make_item(cycle, number=91))
    link: ItemLink = world.extra["link"]
    return link


def _weakness(world: World) -> dict[str, Any]:
    return {"weakness_id": _linked(world).weakness_id}


def _cycle(world: World) -> dict[str, Any]:
    """Makes something to read; the address names no thing."""
    _linked(world)
    return {}


def _answered(world: World) -> dict[str, Any]:
    return _weakness(world) | {"answer_id": _linked(world).answer_id}


def _free(world: World) -> dict[str, Any]:
    """What may answer the weakness too, and why: something new for each row."""
    number = 92 + Item.objects.filter(number__gt=91).count()
    answer = make_item(_linked(world).weakness.cycle, number=number, kind=ItemKind.ACHIEVEMENT)
    return {"answer": answer.pk, "reason": "Jawapan."}


def _reason(_world: World) -> dict[str, Any]:
    return {"reason": "Jawapan."}


ROWS = [
    Row("recommendations:contacts", everybody(), kwargs=_cycle),
    Row("overview:weaknesses", everybody(), kwargs=_cycle),
    Row("overview:weakness_link", only(*MAPO), target="any", kwargs=_weakness),
    Row("overview:weakness_link", only(*MAPO, answer=302), "post", "any", _weakness, _free),
    Row("overview:weakness_unlink", only(*MAPO), target="any", kwargs=_answered),
    Row("overview:weakness_unlink", only(*MAPO, answer=302), "post", "any", _answered, _reason),
]
