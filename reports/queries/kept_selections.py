"""The selections that a person keeps, and those that colleagues share, opened on the usual day with their own rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import User
from reports.models import SavedSelection
from reports.summary.selection import NAMES, asked_of

#: What is kept: neither the cycle nor the day, so that it opens on the page's cycle and on the usual day.
KEPT_NAMES = NAMES[2:]


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept selection; `sharer` is the colleague whose it is, empty for one's own."""

    selection_id: int
    name: str
    url: str
    sharer: str
    is_shared: bool
    is_current: bool


def kept_query(asked: Mapping[str, str]) -> str:
    """What is kept of a selection: its names and values in their order, without cycle and day."""
    values = asked_of(asked)
    return urlencode({name: values[name] for name in KEPT_NAMES if values[name]})


def kept_selections(user: User, *, shown: Mapping[str, str], cycle_query: str) -> list[Kept]:
    """One's own by name, then what colleagues share. One query; `shown` is what the page shows now."""
    here = kept_query(shown)
    rows = SavedSelection.objects.visible_to(user).select_related("user").order_by("name", "pk")
    found = [_kept(row, user=user, here=here, cycle_query=cycle_query) for row in rows]
    return sorted(found, key=lambda kept: bool(kept.sharer))


def _kept(row: SavedSelection, *, user: User, here: str, cycle_query: str) -> Kept:
    query = _with_rights_of(user, row.query)
    address = "&".join(filter(None, [cycle_query, query]))
    return Kept(
        selection_id=row.pk,
        name=row.name,
        url=f"{reverse('reports:choose')}?{address}",
        sharer="" if row.user_id == user.pk else row.user.name,
        is_shared=row.is_shared,
        is_current=query == here,
    )


def _with_rights_of(user: User, query: str) -> str:
    """The query of a colleague who is cleared higher, up to the reader's own class."""
    asked = dict(parse_qsl(query))
    ceiling = asked.get("ceiling", "")
    if ceiling.isdecimal() and int(ceiling) > user.clearance:
        asked["ceiling"] = str(int(Clearance(user.clearance)))
    return urlencode(asked)
