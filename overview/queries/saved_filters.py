"""The views that a person keeps: filters under a name, opened on the day and the cycle that the page speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

from accounts.models import User
from overview.models import SavedFilter
from overview.queries.filters import NAMES, OverviewFilters
from ui.query_state import QueryState


@dataclass(frozen=True, slots=True)
class SavedFilterLink:
    """One kept view; `is_current` where the page shows just this."""

    view_id: int
    name: str
    url: str
    is_current: bool


def _kept(user: User, page: str) -> QuerySet[Any, Any]:
    return SavedFilter.objects.filter(user=user, page=page).values_list("pk", "name", "query", named=True)


def filters_query(filters: OverviewFilters) -> str:
    """The query string that is kept: the filters alone, neither the day nor the cycle."""
    return urlencode(filters.as_query())


def clean_filters_query(text: str) -> str:
    """The filters of a query string as they are kept; whatever else it holds is left out."""
    asked = QueryDict(text)
    return urlencode({name: asked[name] for name in NAMES if asked.get(name)})


def saved_filter_links(
    user: User, *, page: str, place: QueryState, filters: OverviewFilters
) -> list[SavedFilterLink]:
    """What a person keeps for a page, by name, each with its address. One query."""
    here = filters_query(filters)
    return [
        SavedFilterLink(view.pk, view.name, _url(view.query, place), view.query == here)
        for view in _kept(user, page=page)
    ]


def _url(query: str, place: QueryState) -> str:
    nothing = dict.fromkeys(NAMES, "")
    return place.url("matrix", **(nothing | QueryDict(query).dict()))
