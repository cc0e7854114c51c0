"""Saved filters: the query string of a page under a name, for the person who saved it.

Each app that offers them has a table of its own, a subclass of `SavedQuery`; the rest is shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.db import models
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from audit.services import record
from ui.invisible_characters import visible_line

#: Characters of a name: they fit a button.
NAME_LENGTH = 60
QUERY_LENGTH = 1000
#: How many filters a person may save on one page, so that a glance finds each.
MOST_FILTERS = 20


class SavedQuery(models.Model):
    """A query string under a name. Its owner may delete it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    query = models.CharField(max_length=QUERY_LENGTH)
    kept_at = models.DateTimeField()

    web_grants: ClassVar[str] = "free"

    class Meta:
        abstract = True
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


Saved = TypeVar("Saved", bound=SavedQuery)


@dataclass(frozen=True, slots=True)
class SavedFilterKind:
    """One kind of saved filters: the beginning of its audit actions, and the sentences that refuse one."""

    action: str
    nothing: str | Promise
    taken: str | Promise
    full: str | Promise


def save_filter(
    kind: SavedFilterKind,
    mine: models.QuerySet[Saved],
    *,
    name: str,
    query: str,
    actor: User,
    now: datetime,
    **others: Any,
) -> Saved:
    """Save a query string under a name among a person's own (`mine`); sent twice, it is saved once.

    `others` are further values of the row. Call it in a transaction. Raises `NotNow` where name or query are empty or too long, the name stands
    for another query, or there are too many.
    """
    # One person's acts come one after another, so that the count holds.
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    name = visible_line(name)
    if not name or not query:
        raise NotNow(kind.nothing)
    if len(name) > NAME_LENGTH:
        raise NotNow(_("The name is too long: at most 60 characters."))
    if len(query) > QUERY_LENGTH:
        raise NotNow(_("The filters are too long to save. Search for a shorter text."))
    known = mine.filter(name=name).first()
    if known and known.query == query:
        return known
    if known:
        raise NotNow(kind.taken)
    if mine.count() >= MOST_FILTERS:
        raise NotNow(kind.full)
    row = mine.create(user=actor, name=name, query=query, kept_at=now, **others)
    record(action=f"{kind.action}.kept", actor=actor, obj=row, label=name, after=_names_in(query), now=now)
    return row


def delete_saved_filter(kind: SavedFilterKind, saved: SavedQuery, *, actor: User, now: datetime) -> None:
    """Delete one's own saved filter, if it is still there, in a transaction. Raises `NotAllowed` for another's."""
    current = type(saved)._default_manager.select_for_update(no_key=True).filter(pk=saved.pk).first()
    if (current or saved).user_id != actor.pk:
        raise NotAllowed(_("You are not allowed to do this. Nothing was changed."))
    if current is None:
        return
    record(
        action=f"{kind.action}.thrown_away",
        actor=actor,
        obj=current,
        label=current.name,
        before=_names_in(current.query),
        now=now,
    )
    current.delete()


def _names_in(query: str) -> dict[str, Any]:
    """Return which filters are set, without their values: those are the person's own matter."""
    return {"filters": sorted(QueryDict(query))}
