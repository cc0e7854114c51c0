"""The saved filters of a person, as links that keep the day and the cycle of the page."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from accounts.models import User
from overview.models import PAGE, SavedFilter
from overview.queries.filters import NAMES, OverviewFilters
from ui.query_state import QueryState


@dataclass(frozen=True, slots=True)
class SavedFilterLink:
    """One saved filter; `is_current` where the page shows just this."""

    view_id: int
    name: str
    url: str
    is_current: bool


def filters_in(text: str) -> str:
    """Return the filters of a query string, as they are saved; whatever else it holds is left out."""
    asked = QueryDict(text)
    return urlencode({name: asked[name] for name in NAMES if asked.get(name)})


def saved_filter_links(user: User, *, place: QueryState, filters: OverviewFilters) -> list[SavedFilterLink]:
    """Return what a person has saved for the overview, by name, each with its address. One query."""
    here, nothing = urlencode(filters.as_query()), dict.fromkeys(NAMES, "")
    return [
        SavedFilterLink(
            saved.pk,
            saved.name,
            place.url("matrix", **(nothing | QueryDict(saved.query).dict())),
            saved.query == here,
        )
        for saved in SavedFilter.objects.filter(user=user, page=PAGE)
    ]
