"""Rows of bulk steering: MAPO's alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from bulk.models import BulkAct
from bulk.services.orders import MoveDue, NameOfficers
from bulk.services.plan import apply_bulk, make_plan
from tests.factories.accounts import World
from tests.factories.recommendations import SharedItem
from tests.matrix import COORDINATOR, MAPO, Row, only

Kwargs = Callable[[World], dict[str, Any]]


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


def _naming(target: str) -> Kwargs:
    """An act by which an officer was named for an assignment of one's own agency, or of the foreign one."""

    def kwargs(world: World) -> dict[str, Any]:
        things = _things(world)
        officer = world.people["officer"] if target == "own" else world.foreign_officer
        assignment = things.assignment(target)
        assignment.officer_links.all().delete()
        order = NameOfficers(
            chosen=(assignment.pk,), agency_id=assignment.agency_id, officers=(officer.pk,), change="add"
        )
        cycle = things.item.cycle
        seen = make_plan(order, cycle=cycle, now=things.now).fingerprints
        about: dict[str, Any] = {"actor": things.administrator, "now": things.now, "token": uuid4()}
        return {"act_id": apply_bulk(order, cycle=cycle, seen=seen, **about).pk}

    return kwargs


def _officers(target: str) -> Kwargs:
    """The fields of the agency's page by which its officer is named."""

    def data(world: World) -> dict[str, Any]:
        officer = world.people["officer"] if target == "own" else world.foreign_officer
        return {"chosen": _things(world).assignment(target).pk, "officers": officer.pk, "change": "add"}

    return data


#: Who names officers: the agency's coordinator, and MAPO.
NAMERS = (COORDINATOR, *MAPO)
OWN, FOREIGN = "?agency=PDRM", "?agency=MPOB"

ROWS = [
    Row("bulk:officers_preview", only(*NAMERS, answer=302), kwargs=_cycle, query=OWN),
    Row("bulk:officers_preview", only(*NAMERS), "post", kwargs=_cycle, data=_officers("own"), query=OWN),
    Row(
        "bulk:officers_preview", only(*MAPO), "post", kwargs=_cycle, data=_officers("foreign"), query=FOREIGN
    ),
    Row("bulk:officers_apply", only(*NAMERS, answer=302), kwargs=_cycle, query=OWN),
    Row(
        "bulk:officers_apply",
        only(*NAMERS, answer=409),
        "post",
        kwargs=_cycle,
        data=_officers("own"),
        query=OWN,
    ),
    Row("bulk:officers_apply", only(*MAPO, answer=302), kwargs=_cycle, query=FOREIGN),
    Row("bulk:bulk_act", only(*NAMERS), target="own", kwargs=_naming("own")),
    Row("bulk:bulk_act", only(*MAPO), target="foreign", kwargs=_naming("foreign")),
    Row("bulk:bulk_undo", only(*NAMERS, answer=302), "post", "own", _naming("own")),
    Row("bulk:bulk_undo", only(*MAPO, answer=302), "post", "foreign", _naming("foreign")),
    Row("bulk:bulk_preview", only(*MAPO, answer=302), kwargs=_cycle),
    Row("bulk:bulk_preview", only(*MAPO), "post", kwargs=_cycle, data=_chosen),
    Row("bulk:bulk_apply", only(*MAPO, answer=302), kwargs=_cycle),
    Row("bulk:bulk_apply", only(*MAPO, answer=409), "post", kwargs=_cycle, data=_chosen),
    Row("bulk:bulk_acts", only(*NAMERS), kwargs=_cycle),
    Row("bulk:bulk_act", only(*MAPO), target="any", kwargs=_act),
    Row("bulk:bulk_undo", only(*MAPO, answer=302), "post", "any", _act),
]
