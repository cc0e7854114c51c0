"""Rows of bulk steering: MAPO's alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from bulk.models import BulkAct
from bulk.services.orders import MoveDue
from bulk.services.plan import apply_bulk, make_plan
from tests.factories.accounts import World
from tests.factories.recommendations import SharedItem
from tests.matrix import MAPO, Row, only


def furnish(world: World, now: datetime) -> None:
    """Remembers the instant; things are made when a row asks for one."""
    world.extra["bulk_now"] = now


def _things(world: World) -> SharedItem:
    if "bulk" not in world.extra:
        world.extra["bulk"] = SharedItem(world, world.extra["bulk_now"], number=88)
    things: SharedItem = world.extra["bulk"]
    return things


def _chosen(world: World) -> dict[str, Any]:
    return {"kind": "move_due", "chosen": str(_things(world).own.pk), "field": "next_due_on", "by_days": "7"}


def _cycle(world: World) -> dict[str, Any]:
    """Makes the cycle, without which there is nothing to steer; the address names no thing."""
    _things(world)
    return {}


def _act(world: World) -> dict[str, Any]:
    things = _things(world)
    order = MoveDue(chosen=(things.own.pk, things.foreign.pk), field="next_due_on", by_days=7)
    cycle = things.item.cycle
    plan = make_plan(order, cycle=cycle, now=things.now)
    about: dict[str, Any] = {"actor": things.administrator, "now": things.now, "token": uuid4()}
    act: BulkAct = apply_bulk(order, cycle=cycle, seen=plan.fingerprints, **about)
    return {"act_id": act.pk}


ROWS = [
    Row("bulk:bulk_preview", only(*MAPO, answer=302), kwargs=_cycle),
    Row("bulk:bulk_preview", only(*MAPO), "post", kwargs=_cycle, data=_chosen),
    Row("bulk:bulk_apply", only(*MAPO, answer=302), kwargs=_cycle),
    Row("bulk:bulk_apply", only(*MAPO, answer=409), "post", kwargs=_cycle, data=_chosen),
    Row("bulk:bulk_acts", only(*MAPO), kwargs=_cycle),
    Row("bulk:bulk_act", only(*MAPO), target="any", kwargs=_act),
    Row("bulk:bulk_undo", only(*MAPO, answer=302), "post", "any", _act),
]
