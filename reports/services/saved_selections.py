"""Saved selections: a person saves, shares and deletes them. Sharing is with colleagues of the same agency."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import require
from audit.services import record
from recommendations.saved_filters import SavedFilterKind, delete_saved_filter, save_filter
from reports.models.saved_selection import SavedSelection

_KIND = SavedFilterKind(
    action="selection",
    nothing=_("Give the selection a name. Nothing was saved."),
    taken=_(
        "You already have a saved selection with this name. Choose a different name, or remove that "
        "one first."
    ),
    full=_("You have reached the limit of saved selections. Remove one first."),
)


@transaction.atomic
def save_selection(*, name: str, query: str, is_shared: bool, actor: User, now: datetime) -> SavedSelection:
    """Save a selection, without its day, under a name; sent twice it is saved once, and shared as was said last.

    Raises `NotNow` where there is no name, it is too long or stands for another selection, or there are too many.
    """
    mine = SavedSelection.objects.filter(user=actor)
    owner = _shared_with(actor) | {"is_shared": is_shared}
    saved = save_filter(_KIND, mine, name=name, query=query, actor=actor, now=now, **owner)
    return _set_shared(saved, is_shared=is_shared, actor=actor, now=now)


@transaction.atomic
def share_selection(saved: SavedSelection, *, is_shared: bool, actor: User, now: datetime) -> SavedSelection:
    """Share one's own selection with colleagues of the same agency, or no longer. Raises `NotAllowed` for another's."""
    require(saved.user_id == actor.pk)
    return _set_shared(saved, is_shared=is_shared, actor=actor, now=now)


@transaction.atomic
def delete_selection(saved: SavedSelection, *, actor: User, now: datetime) -> None:
    """Delete one's own selection, if it is still there. Raises `NotAllowed` for another's."""
    delete_saved_filter(_KIND, saved, actor=actor, now=now)


def _set_shared(saved: SavedSelection, *, is_shared: bool, actor: User, now: datetime) -> SavedSelection:
    """Set whether a selection is shared, with an Event. Return it as it stands now."""
    current = SavedSelection.objects.select_for_update(no_key=True).filter(pk=saved.pk).first()
    if current is None or current.is_shared == is_shared:
        return current or saved
    current.is_shared = is_shared
    for field, value in _shared_with(actor).items():
        setattr(current, field, value)
    current.save(update_fields=["is_shared", *_shared_with(actor)])
    record(
        action="selection.shared",
        actor=actor,
        obj=current,
        label=current.name,
        before={"is_shared": not is_shared},
        after={"is_shared": is_shared},
        now=now,
    )
    return current


def _shared_with(actor: User) -> dict[str, Any]:
    """Return the fields that say with whom a person shares: the colleagues of now."""
    return {"agency": actor.agency, "is_of_mapo": actor.is_mapo}
