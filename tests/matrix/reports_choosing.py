"""The rows of choosing a summary: everybody's page, and kept selections that are nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from reports.models import SavedSelection
from reports.services.saved_selections import save_selection
from tests.factories.accounts import World
from tests.factories.recommendations import SharedItem
from tests.matrix import OFFICER, Row, everybody, nobody, only

_QUERY = "language=ms&ceiling=1&depth=full"


def furnish(world: World, now: datetime) -> None:
    """Remembers the instant; things are made when a row asks for one."""
    world.extra["choosing_now"] = now


def _item(world: World) -> dict[str, int]:
    """Something to summarise."""
    if "choosing" not in world.extra:
        world.extra["choosing"] = SharedItem(world, world.extra["choosing_now"], number=71)
    return {}


def _kept(target: str) -> Callable[[World], dict[str, int]]:
    """One that is shared as far as it can be: acting on it stays its owner's."""

    def made(world: World) -> dict[str, int]:
        owner = world.people[OFFICER] if target == "own" else world.foreign_officer
        kept = SavedSelection.objects.filter(user=owner).first() or save_selection(
            name="Bulanan", query=_QUERY, is_shared=True, actor=owner, now=world.extra["choosing_now"]
        )
        return {"selection_id": kept.pk}

    return made


ROWS = [
    Row("reports:choose", everybody(), kwargs=_item),
    Row("reports:choose", everybody(), kwargs=_item, query="?depth=full&language=both&agency=PDRM"),
    Row(
        "reports:choose", everybody(), kwargs=_item, query="?day=2099-01-01&ceiling=4&status=done&agency=XYZ"
    ),
    Row("reports:choose", everybody(), kwargs=_item, query="?depth=evidence&status=done"),
    Row("reports:selection_keep", everybody(422), "post"),
    Row(
        "reports:selection_keep",
        everybody(302),
        "post",
        data=lambda _world: {"name": "Sendiri", "address": _QUERY, "is_shared": "1"},
    ),
    Row("reports:selection_share", only(OFFICER, answer=302), "post", "own", _kept("own")),
    Row("reports:selection_share", nobody(), "post", "foreign", _kept("foreign")),
    Row("reports:selection_throw_away", only(OFFICER, answer=302), "post", "own", _kept("own")),
    Row("reports:selection_throw_away", nobody(), "post", "foreign", _kept("foreign")),
]
