"""A page's filters under a name, for the person who keeps them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from overview.models import SavedFilter
from recommendations.saved_filters import SavedFilterKind, delete_saved_filter, save_filter

_VIEW = SavedFilterKind(
    action="kept_view",
    nothing=_("Choose a filter and give it a name. Nothing was kept."),
    taken=_("You keep another view under this name. Choose a different name, or remove that one first."),
    full=_("You keep as many views as there is room for. Remove one first."),
)


@transaction.atomic
def save_overview_filter(*, name: str, page: str, query: str, actor: User, now: datetime) -> SavedFilter:
    """Keep the query string of a page under a name; the same name and query sent twice are kept once.

    Raises `NotNow` where nothing is asked for, name or filters are too long, the name stands for something else
    already, or there are too many.
    """
    mine = SavedFilter.objects.filter(user=actor, page=page)
    return save_filter(_VIEW, mine, name=name, query=query, actor=actor, now=now, page=page)


@transaction.atomic
def delete_overview_filter(view: SavedFilter, *, actor: User, now: datetime) -> None:
    """Remove one's own view. Raises `NotAllowed` for another's; what is gone already stays gone."""
    delete_saved_filter(_VIEW, view, actor=actor, now=now)
