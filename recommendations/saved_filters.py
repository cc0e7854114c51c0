"""Keeping a query string under a name, for the person who keeps it: what all rooms that do so have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.texts import seen_line
from audit.errors import NotAllowed, NotNow
from audit.services import record

#: Characters of a name: they fit a button.
NAME_LENGTH = 60
QUERY_LENGTH = 1000
#: So much a person keeps at most of one sort, so that a glance finds each.
MOST = 20
Kept = TypeVar("Kept", bound=Model)


@dataclass(frozen=True, slots=True)
class SavedFilterKind:
    """One sort of what is kept: the beginning of its actions in the trail, and why something is not kept."""

    action: str
    nothing: str | Promise
    taken: str | Promise
    full: str | Promise


def save_filter(
    noun: SavedFilterKind,
    mine: QuerySet[Kept],
    *,
    name: str,
    query: str,
    actor: User,
    now: datetime,
    **others: Any,
) -> Kept:
    """Keep a query string under a name among a person's own (`mine`); sent twice, it is kept once.

    `others` are further values of the row. Call it in a transaction. Raises `NotNow` where nothing is asked for, name
    or query are too long, the name stands for something else already, or there are too many.
    """
    # One person's acts come one after another, so that the count holds.
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    name = seen_line(name)
    if not name or not query:
        raise NotNow(noun.nothing)
    if len(name) > NAME_LENGTH:
        raise NotNow(_("The name is too long: at most 60 characters."))
    if len(query) > QUERY_LENGTH:
        raise NotNow(_("The filters are too long to be kept. Look for a shorter text."))
    known = mine.filter(name=name).first()
    if known and getattr(known, "query") == query:  # noqa: B009 - each sort has the field, `Model` does not
        return known
    if known:
        raise NotNow(noun.taken)
    if mine.count() >= MOST:
        raise NotNow(noun.full)
    row = mine.create(user=actor, name=name, query=query, kept_at=now, **others)
    record(action=f"{noun.action}.kept", actor=actor, obj=row, label=name, after=facts_of(query), now=now)
    return row


def delete_saved_filter(noun: SavedFilterKind, row: Model, *, actor: User, now: datetime) -> None:
    """Remove what one has kept oneself. Raises `NotAllowed` for another's; what is gone already stays gone."""
    current: Any = type(row)._default_manager.select_for_update(no_key=True).filter(pk=row.pk).first()
    owner: Any = current or row
    if owner.user_id != actor.pk:
        raise NotAllowed(_("You may not do this. Nothing was changed."))
    if current is None:
        return
    record(
        action=f"{noun.action}.thrown_away",
        actor=actor,
        obj=current,
        label=current.name,
        before=facts_of(current.query),
        now=now,
    )
    current.delete()


def facts_of(query: str) -> dict[str, Any]:
    """Which filters are kept: their names, for what they look for is the person's own matter."""
    return {"filters": sorted(QueryDict(query))}
