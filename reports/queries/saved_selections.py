"""The selections that a person has saved, and those that colleagues share, as links with the person's own rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import User
from reports.models.saved_selection import SavedSelection
from reports.summary.selection import NAMES, asked_of

#: What is saved: neither the cycle nor the day, so that it opens on the page's cycle and the default day.
SAVED_NAMES = NAMES[2:]


@dataclass(frozen=True, slots=True)
class SavedSelectionLink:
    """One saved selection; `sharer` is the colleague who owns it, empty for one's own."""

    selection_id: int
    name: str
    url: str
    sharer: str
    is_shared: bool
    is_current: bool


def saved_query(asked: Mapping[str, str]) -> str:
    """Return what is saved of a selection: its names and values in their order, without cycle and day."""
    values = asked_of(asked)
    return urlencode({name: values[name] for name in SAVED_NAMES if values[name]})


def saved_selections(user: User, *, shown: Mapping[str, str], cycle_query: str) -> list[SavedSelectionLink]:
    """Return one's own by name, then what colleagues share; `shown` is what the page shows now. One query."""
    here = saved_query(shown)
    rows = SavedSelection.objects.visible_to(user).select_related("user").order_by("name", "pk")
    found = [_link(row, user=user, here=here, cycle_query=cycle_query) for row in rows]
    return sorted(found, key=lambda link: bool(link.sharer))


def _link(row: SavedSelection, *, user: User, here: str, cycle_query: str) -> SavedSelectionLink:
    query = _with_rights_of(user, row.query)
    address = "&".join(filter(None, [cycle_query, query]))
    return SavedSelectionLink(
        selection_id=row.pk,
        name=row.name,
        url=f"{reverse('reports:choose')}?{address}",
        sharer="" if row.user_id == user.pk else row.user.name,
        is_shared=row.is_shared,
        is_current=query == here,
    )


def _with_rights_of(user: User, query: str) -> str:
    """Return a colleague's query, lowered to the reader's own class."""
    asked = dict(parse_qsl(query))
    ceiling = asked.get("ceiling", "")
    if ceiling.isdecimal() and int(ceiling) > user.clearance:
        asked["ceiling"] = str(int(Clearance(user.clearance)))
    return urlencode(asked)
