"""Selections under a name: a person keeps them, and may share them with colleagues of the same agency."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.services import record
from recommendations.saved_filters import SavedFilterKind, delete_saved_filter, save_filter
from recommendations.services.checks import require
from reports.models import SavedSelection

_SELECTION = SavedFilterKind(
    action="selection",
    nothing=_("Give the selection a name. Nothing was kept."),
    taken=_("You keep another selection under this name. Choose a different name, or remove that one first."),
    full=_("You keep as many selections as there is room for. Remove one first."),
)


@transaction.atomic
def keep_selection(*, name: str, query: str, is_shared: bool, actor: User, now: datetime) -> SavedSelection:
    """Keep a selection, without its day, under a name; sent twice it is kept once, and shared as was said last.

    Raises `NotNow` where there is no name, it is too long or stands for another selection, or there are too many.
    """
    mine = SavedSelection.objects.filter(user=actor)
    whose = _whose(actor) | {"is_shared": is_shared}
    kept = save_filter(_SELECTION, mine, name=name, query=query, actor=actor, now=now, **whose)
    return _shared(kept, is_shared=is_shared, actor=actor, now=now)


@transaction.atomic
def share_selection(kept: SavedSelection, *, is_shared: bool, actor: User, now: datetime) -> SavedSelection:
    """Share one's own with colleagues of the same agency, or no longer. Raises `NotAllowed` for another's."""
    require(kept.user_id == actor.pk)
    return _shared(kept, is_shared=is_shared, actor=actor, now=now)


@transaction.atomic
def throw_selection_away(kept: SavedSelection, *, actor: User, now: datetime) -> None:
    """Remove one's own. Raises `NotAllowed` for another's; what is gone already stays gone."""
    delete_saved_filter(_SELECTION, kept, actor=actor, now=now)


def _shared(kept: SavedSelection, *, is_shared: bool, actor: User, now: datetime) -> SavedSelection:
    current = SavedSelection.objects.select_for_update(no_key=True).filter(pk=kept.pk).first()
    if current is None or current.is_shared == is_shared:
        return current or kept
    current.is_shared = is_shared
    for field, value in _whose(actor).items():
        setattr(current, field, value)
    current.save(update_fields=["is_shared", *_whose(actor)])
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


def _whose(actor: User) -> dict[str, Any]:
    """With whom a person shares: the colleagues of now."""
    return {"agency": actor.agency, "is_of_mapo": actor.is_mapo}
