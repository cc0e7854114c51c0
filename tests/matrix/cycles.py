"""Rows of the cycles, which everybody reads and administrators keep. A cycle is nobody's own: every row is about any."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cycles.file import read_cycle_file
from cycles.file.load import load_cycle
from cycles.services import close_cycle
from recommendations.models import Cycle, CycleFact
from recommendations.states import ItemKind
from tests.conftest import NOW
from tests.factories.accounts import World
from tests.factories.recommendations import make_cycle, make_fact, make_item
from tests.matrix import ADMINISTRATOR, SIGNED_IN, Row, only

YEAR = 2023
MISTAKEN = Path(__file__).resolve().parent.parent / "cycles" / "data" / "2031.yaml"
ADMIN = only(ADMINISTRATOR)
DONE = only(ADMINISTRATOR, answer=302)
#: Nothing was typed, so the form is shown again.
REFUSED = only(ADMINISTRATOR, answer=422)


def _open(_world: World) -> dict[str, Any]:
    if not Cycle.objects.filter(year=YEAR).exists():
        make_cycle(YEAR)
    return {"year": YEAR}


def _closed(world: World) -> dict[str, Any]:
    kwargs = _open(world)
    cycle = Cycle.objects.get(year=YEAR)
    close_cycle(cycle, reason="Tamat.", actor=world.people[ADMINISTRATOR], now=NOW)
    return kwargs


def _mistaken(_world: World) -> dict[str, Any]:
    """A cycle in which nothing was done."""
    if not Cycle.objects.filter(year=2031).exists():
        load_cycle(read_cycle_file(MISTAKEN), now=NOW)
    return {"year": 2031}


def _unopened(world: World) -> dict[str, Any]:
    """A cycle that was loaded and not opened."""
    kwargs = _mistaken(world)
    Cycle.objects.filter(**kwargs).update(opened_at=None, closed_at=NOW)
    return kwargs


def _fact(world: World) -> dict[str, Any]:
    kwargs = _open(world)
    cycle = Cycle.objects.get(year=YEAR)
    fact = CycleFact.objects.shown().filter(cycle=cycle).first() or make_fact(cycle)
    return {**kwargs, "fact_id": fact.pk}


def _item(world: World) -> dict[str, Any]:
    kwargs = _open(world)
    cycle = Cycle.objects.get(year=YEAR)
    item = cycle.items.filter(kind=ItemKind.WEAKNESS).first() or make_item(cycle, kind=ItemKind.WEAKNESS)
    return {**kwargs, "item_id": item.pk}


def _reason(_world: World) -> dict[str, Any]:
    return {"reason": "Surat KDN"}


ROWS = [
    Row("cycles:cycles", ADMIN),
    Row("cycles:cycle_prepare", ADMIN),
    Row("cycles:cycle_prepare", REFUSED, "post"),
    Row("cycles:cycle", only(*SIGNED_IN), target="any", kwargs=_open),
    Row("cycles:item_change", ADMIN, target="any", kwargs=_item),
    Row("cycles:item_change", REFUSED, "post", "any", _item),
    Row("cycles:fact_add", ADMIN, target="any", kwargs=_open),
    Row("cycles:fact_add", REFUSED, "post", "any", _open),
    Row("cycles:fact_change", ADMIN, target="any", kwargs=_fact),
    Row("cycles:fact_change", REFUSED, "post", "any", _fact),
    Row("cycles:fact_withdraw", ADMIN, target="any", kwargs=_fact),
    Row("cycles:fact_withdraw", DONE, "post", "any", _fact, _reason),
    Row("cycles:cycle_change", ADMIN, target="any", kwargs=_open),
    Row("cycles:cycle_change", REFUSED, "post", "any", _open),
    Row("cycles:titles", ADMIN, target="any", kwargs=_open),
    Row("cycles:titles", REFUSED, "post", "any", _open),
    Row("cycles:titles_undo", only(ADMINISTRATOR, answer=409), "post", "any", _open),
    Row("cycles:cycle_open", ADMIN, target="any", kwargs=_unopened),
    Row("cycles:cycle_open", DONE, "post", "any", _unopened),
    Row("cycles:cycle_close", ADMIN, target="any", kwargs=_open),
    Row("cycles:cycle_close", DONE, "post", "any", _open, _reason),
    Row("cycles:cycle_delete", ADMIN, target="any", kwargs=_mistaken),
    Row("cycles:cycle_delete", DONE, "post", "any", _mistaken, _reason),
    Row("cycles:cycle_reopen", ADMIN, target="any", kwargs=_closed),
    Row("cycles:cycle_reopen", DONE, "post", "any", _closed, _reason),
]
