"""Rows of opening imports: an agency's own people and MAPO; a draft is its agency's alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from imports.services.batches import discard_batch
from imports.services.drafts import correct_rows
from recommendations.models import OpeningImport
from tests.factories.accounts import World
from tests.factories.recommendations import SharedItem
from tests.imports.openings import begun, sent
from tests.matrix import AGENCY, MAPO, Answer, Row, only

Kwargs = Callable[[World], dict[str, Any]]


class Things(SharedItem):
    """Made when a row asks for it."""

    def __init__(self, world: World, now: datetime) -> None:
        super().__init__(world, now, number=76)

    def _about(self, target: str) -> dict[str, Any]:
        assignment = self.assignment(target)
        return {"cycle": self.item.cycle, "agency": assignment.agency, **self.about(target)}

    def draft(self, target: str) -> OpeningImport:
        """A batch with one good row."""
        about = self._about(target)
        return begun(about.pop("cycle"), about.pop("agency"), {"item": "Syor 76"}, **about)

    def mixed(self, target: str) -> OpeningImport:
        """A batch with a good row, a wrong one and one that is left out: all that its page can show."""
        about, rows = (
            self._about(target),
            [{"item": "Syor 76", "percent": percent} for percent in ("20", "?", "9")],
        )
        made = begun(about.pop("cycle"), about.pop("agency"), *rows, **about)
        return correct_rows(made, left_out={3: True}, **self.about(target))

    def waiting(self, target: str) -> OpeningImport:
        """A batch that waits for MAPO."""
        about = self._about(target)
        return sent(about.pop("cycle"), about.pop("agency"), {"item": "Syor 76"}, **about)

    def discarded(self, target: str) -> OpeningImport:
        """A draft that was put away."""
        draft = self.draft(target)
        return discard_batch(draft, revision=draft.revision, **self.about(target))


def furnish(world: World, now: datetime) -> None:
    """Remembers the instant; things are made when a row asks for one."""
    world.extra["openings_now"] = now


def _things(world: World) -> Things:
    if "openings" not in world.extra:
        world.extra["openings"] = Things(world, world.extra["openings_now"])
    things: Things = world.extra["openings"]
    return things


def _cycle(world: World) -> dict[str, Any]:
    """Makes the cycle, without which there is nothing to bring in; the address names no thing."""
    _things(world)
    return {}


def _listed(world: World) -> dict[str, Any]:
    """Makes a batch too, so that the page has a list."""
    _things(world).waiting("own")
    return {}


def _batch(kind: str, target: str) -> Kwargs:
    return lambda world: {"opening_id": getattr(_things(world), kind)(target).pk}


def _row(target: str) -> Kwargs:
    return lambda world: {**_batch("draft", target)(world), "number": 1}


def _of_batches(target: str) -> list[Row]:
    writers = AGENCY if target == "own" else ()
    readers = (*writers, *MAPO)

    def row(
        name: str, kwargs: Kwargs, *roles: str, method: str = "get", answer: Answer = 200, **data: Any
    ) -> Row:
        expected = only(*roles, answer=answer)
        return Row(f"imports:{name}", expected, method, target, kwargs, lambda _world: data)

    draft, waiting = _batch("draft", target), _batch("waiting", target)
    return [
        row("opening", _batch("mixed", target), *writers),
        row("opening", waiting, *readers),
        row("opening_row", _row(target), *writers),
        row("opening_row", _row(target), *writers, method="post", answer=302, act="leave"),
        row("opening_replace", draft, *writers, method="post", answer=422, revision=0),
        row("opening_send", draft, *writers, method="post", answer=302, revision=0),
        row("opening_discard", draft, *writers, method="post", answer=302, revision=0),
        row("opening_reopen", _batch("discarded", target), *writers, method="post", answer=302),
        row("opening_review", waiting, *MAPO),
        row("opening_review", waiting, *MAPO, method="post", answer=302, decision="accept"),
    ]


ROWS = [
    Row("imports:openings", only(*AGENCY, *MAPO), kwargs=_listed),
    Row("imports:openings", {**only(*AGENCY, answer=422)}, "post", kwargs=_cycle),
    Row("imports:opening_template", only(*AGENCY), kwargs=_cycle),
    *_of_batches("own"),
    *_of_batches("foreign"),
]
