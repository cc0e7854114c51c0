"""Locks, checks and Events that the acts on an import share.

Locks are taken in this order: assignments by number, batch, cycle, agency.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from audit.acts import jsonable, require
from audit.errors import NotNow
from audit.services import record
from recommendations.models import Assignment, Cycle, OpeningImport, Update
from recommendations.models.opening import OpeningState
from recommendations.permissions import may_write_opening


def locked_assignments(opening: OpeningImport) -> dict[int, Assignment]:
    """Return all assignments that the rows could be about, locked in order of id."""
    rows = Assignment.objects.select_for_update(no_key=True, of=("self",)).filter(
        agency=opening.agency_id, item__cycle=opening.cycle_id
    )
    return {each.pk: each for each in rows.select_related("item__cycle", "agency").order_by("pk")}


def locked_import(opening: OpeningImport, *, actor: User) -> OpeningImport:
    """Return the import as it is now, locked. Raises `NotAllowed` when the person may not write it."""
    rows = OpeningImport.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "cycle", "agency"
    )
    current = rows.get(pk=opening.pk)
    require(may_write_opening(actor, current))
    return current


def locked_draft(opening: OpeningImport, *, actor: User) -> OpeningImport:
    """Return a draft of an open cycle, locked. Raises `NotNow` for any other import."""
    opening = locked_import(opening, actor=actor)
    require_draft(opening)
    opening.cycle = Cycle.objects.held_open(opening.cycle)
    return opening


def require_draft(opening: OpeningImport) -> None:
    """Raise `NotNow` unless the batch is a draft."""
    if not opening.is_draft:
        raise NotNow(settled_words(opening))


def settled_words(opening: OpeningImport) -> str:
    """Return why the import can no longer be changed."""
    return _(
        "This import is now “%(state)s”, so this cannot be done. Nothing was changed; reload the page."
    ) % {"state": opening.get_state_display()}


def opening_updates(opening: OpeningImport) -> list[Update]:
    """Return the updates of the import in order of time, locked, each with its assignment."""
    rows = Update.objects.select_for_update(no_key=True, of=("self",)).filter(opening=opening)
    return list(
        rows.select_related("assignment__item__cycle", "assignment__agency").order_by("reported_on", "pk")
    )


def change_state(
    opening: OpeningImport,
    target: OpeningState,
    *,
    actor: User,
    now: datetime,
    changed: Sequence[str] = ("closed_at",),
    after: Mapping[str, Any] | None = None,
) -> None:
    """Save the import in another state, with the `changed` fields, and record the Event, with `after` in it."""
    before = {"state": opening.state}
    opening.state = target
    opening.save(update_fields=["state", *changed])
    after = {"state": target, **(after or {})}
    record_opening(opening, f"opening.{target}", actor=actor, now=now, before=before, after=after)


def record_opening(
    opening: OpeningImport, action: str, *, actor: User, now: datetime, **facts: Mapping[str, Any]
) -> None:
    """Record one Event on the import, without texts of its rows or the name of its file. `facts` are before and after."""
    shown = {name: jsonable(values) for name, values in facts.items()}
    about: dict[str, Any] = {"obj": opening, "label": opening.label, "agency_id": opening.agency_id, **shown}
    record(action=action, actor=actor, now=now, **about)
