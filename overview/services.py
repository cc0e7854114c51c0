"""Saves and deletes the filters of the overview under a name, each for the person who saved them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from overview.models import PAGE, SavedFilter
from recommendations.saved_filters import SavedFilterKind, delete_saved_filter, save_filter

_KIND = SavedFilterKind(
    action="kept_view",
    nothing=_("Choose a filter and give it a name. Nothing was saved."),
    taken=_(
        "You already have a saved view with this name. Choose a different name, or remove that one first."
    ),
    full=_("You have reached the limit of saved views. Remove one first."),
)


@transaction.atomic
def save_overview_filter(*, name: str, query: str, actor: User, now: datetime) -> SavedFilter:
    """Save the query string of the overview under a name; see `save_filter` for what is refused."""
    mine = SavedFilter.objects.filter(user=actor, page=PAGE)
    return save_filter(_KIND, mine, name=name, query=query, actor=actor, now=now, page=PAGE)


@transaction.atomic
def delete_overview_filter(saved: SavedFilter, *, actor: User, now: datetime) -> None:
    """Delete one's own filter, if it is still there. Raises `NotAllowed` for another's."""
    delete_saved_filter(_KIND, saved, actor=actor, now=now)
