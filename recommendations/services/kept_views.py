"""A page's filters under a name, for the person who keeps them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.errors import NotNow
from audit.services import record
from recommendations.models import KeptView
from recommendations.models.kept_view import NAME_LENGTH, QUERY_LENGTH
from recommendations.services.base import require

#: So many views a person keeps at most, so that a glance finds each.
MOST = 20


@transaction.atomic
def keep_view(*, name: str, page: str, query: str, actor: User, now: datetime) -> KeptView:
    """Keep the query string of a page under a name; the same name and query sent twice are kept once.

    Raises `NotNow` where nothing is asked for, name or filters are too long, the name stands for something else
    already, or there are too many.
    """
    # One person's acts come one after another, so that the count holds.
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    name = " ".join(name.split())
    if not name or not query:
        raise NotNow(_("Choose a filter and give it a name. Nothing was kept."))
    if len(name) > NAME_LENGTH:
        raise NotNow(_("The name is too long: at most 60 characters."))
    if len(query) > QUERY_LENGTH:
        raise NotNow(_("The filters are too long to be kept. Look for a shorter text."))
    mine = KeptView.objects.filter(user=actor, page=page)
    known = mine.filter(name=name).first()
    if known and known.query == query:
        return known
    if known:
        raise NotNow(
            _("You keep another view under this name. Choose a different name, or remove that one first.")
        )
    if mine.count() >= MOST:
        raise NotNow(_("You keep as many views as there is room for. Remove one first."))
    view = KeptView.objects.create(user=actor, page=page, name=name, query=query, kept_at=now)
    record(action="kept_view.kept", actor=actor, obj=view, label=name, after=_facts(query), now=now)
    return view


@transaction.atomic
def throw_view_away(view: KeptView, *, actor: User, now: datetime) -> None:
    """Remove one's own view. Raises `NotAllowed` for another's; what is gone already stays gone."""
    require(view.user_id == actor.pk)
    current = KeptView.objects.select_for_update(no_key=True).filter(pk=view.pk).first()
    if current is None:
        return
    record(
        action="kept_view.thrown_away",
        actor=actor,
        obj=current,
        label=current.name,
        before=_facts(current.query),
        now=now,
    )
    current.delete()


def _facts(query: str) -> dict[str, Any]:
    """Which filters are kept: their names, for what they look for is the person's own matter."""
    return {"filters": sorted(QueryDict(query))}
