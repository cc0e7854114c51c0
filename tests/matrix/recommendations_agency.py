"""Rows of the agency's day: its own people act; the items are everybody's to read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from recommendations import services
from tests.factories.accounts import World
from tests.factories.recommendations import (
    SharedItem,
    make_draft,
    make_submission,
)
from tests.matrix import AGENCY, COORDINATOR, MAPO, OFFICER, ROLES, Answer, Row, everybody, only

Kwargs = Callable[[World], dict[str, Any]]


class Things(SharedItem):
    """Made when a row asks for it."""

    def __init__(self, world: World, now: datetime) -> None:
        super().__init__(world, now, number=78)

    def draft(self, target: str) -> int:
        """An update that is being written."""
        return make_draft(self.assignment(target), **self.about(target)).pk

    def withdrawn(self, target: str) -> int:
        """An update that was taken back."""
        update = make_submission(self.assignment(target), **self.about(target)).update
        return services.withdraw_update(update, **self.about(target)).pk

    def asked(self, target: str) -> int:
        """A request that waits for MAPO."""
        return services.decline_assignment(
            self.assignment(target), reason="Bukan kami", **self.about(target)
        ).pk

    def step(self, target: str) -> int:
        """A planned step."""
        about = self.about(target)
        day = date(2023, 10, 31)
        action = services.plan_action(
            self.assignment(target), text="Kursus", owner=about["actor"], due_on=day, **about
        )
        return action.pk


def furnish(world: World, now: datetime) -> None:
    """Remembers the instant; things are made when a row asks for one."""
    world.extra["agency_now"] = now


def _things(world: World) -> Things:
    if "agency" not in world.extra:
        world.extra["agency"] = Things(world, world.extra["agency_now"])
    things: Things = world.extra["agency"]
    return things


def _item(world: World) -> dict[str, Any]:
    return {"item_id": _things(world).item.pk}


def _assignment(target: str) -> Kwargs:
    return lambda world: {"assignment_id": _things(world).assignment(target).pk}


def _update(kind: str, target: str) -> Kwargs:
    return lambda world: {"update_id": getattr(_things(world), kind)(target)}


def _asked(target: str) -> Kwargs:
    return lambda world: {"request_id": _things(world).asked(target)}


def _step(target: str) -> Kwargs:
    return lambda world: {"action_id": _things(world).step(target)}


_TYPED = {"narrative": "Kursus", "classification": 1, "revision": 1}
_LATER = {"reason": "Kursus ditunda", "proposed_on": "2023-12-01"}


def _pages() -> list[Row]:
    return [
        Row("recommendations:home", everybody(302)),
        Row("recommendations:my_work", only(*AGENCY)),
        Row("recommendations:items", everybody()),
        Row("recommendations:item", everybody(), target="any", kwargs=_item),
        Row("recommendations:item_history", everybody(), target="any", kwargs=_item),
    ]


def _filled(data: dict[str, Any] | None, world: World) -> dict[str, Any]:
    """The form's data; a role stands for its person."""
    return {name: world.people[value].pk if value in ROLES else value for name, value in (data or {}).items()}


def _acts(target: str) -> list[Row]:
    """What an agency does on its own things, and what is not found by it on another's."""
    actors = AGENCY if target == "own" else ()

    def row(
        name: str,
        kwargs: Kwargs,
        *,
        method: str = "post",
        data: dict[str, Any] | None = None,
        answer: Answer = 302,
    ) -> Row:
        expected = only(*actors, answer=answer)
        return Row(
            f"recommendations:{name}", expected, method, target, kwargs, lambda world: _filled(data, world)
        )

    def form(name: str, kwargs: Kwargs, data: dict[str, Any]) -> list[Row]:
        return [row(name, kwargs, method="get", answer=200), row(name, kwargs, data=data)]

    assignment, draft = _assignment(target), _update("draft", target)
    return [
        row("update_start", assignment, data=_TYPED),
        row("update_start_autosave", assignment, data=_TYPED, answer=200),
        row("update_nothing_new", assignment, answer=409),
        *form("update_edit", draft, _TYPED),
        row("update_autosave", draft, data=_TYPED, answer=200),
        row("update_discard", draft, data={"revision": 1}),
        row("update_withdraw", _update("sent", target)),
        row("update_undo", _update("sent", target)),
        row("update_copy", _update("withdrawn", target)),
        *form("action_plan", assignment, {"text": "Kursus", "due_on": "2023-10-31", "owner": OFFICER}),
        *form("action_finish", _step(target), {"done_on": "2023-09-10"}),
        *form("action_cancel", _step(target), {"reason": "Tiada peruntukan"}),
        *form("assignment_decline", assignment, {"reason": "Bukan kami"}),
        *form("assignment_later", assignment, _LATER),
        row("request_withdraw", _asked(target)),
    ]


def _readings(target: str) -> list[Row]:
    """An update: its agency's and MAPO's; a draft is its agency's alone. Naming officers is the coordinator's."""
    readers = (*AGENCY, *MAPO) if target == "own" else MAPO
    writers = AGENCY if target == "own" else ()
    namers = (COORDINATOR,) if target == "own" else ()
    named = _assignment(target)
    return [
        Row("recommendations:update", only(*readers), target=target, kwargs=_update("sent", target)),
        Row("recommendations:update", only(*writers), target=target, kwargs=_update("draft", target)),
        Row("recommendations:assignment_officers", only(*namers), target=target, kwargs=named),
        Row("recommendations:assignment_officers", only(*namers, answer=302), "post", target, named),
    ]


ROWS = [
    Row("recommendations:our_agency", only(*AGENCY, *MAPO)),
    Row("recommendations:our_agency", only(*AGENCY, *MAPO), query="?agency=PDRM"),
    Row("recommendations:our_agency", only(*MAPO), query="?agency=MPOB"),
    *_pages(),
    *(row for target in ("own", "foreign") for row in (*_acts(target), *_readings(target))),
]
