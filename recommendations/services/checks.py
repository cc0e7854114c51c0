"""What the services of this room share: locked rows, and the checks that many acts begin with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from audit.services import record
from recommendations.models import Assignment, Cycle, Item, Update
from recommendations.states import Stage


def locked_assignment(assignment: Assignment) -> Assignment:
    """Return the row as it is now, locked until the transaction ends. Always the first lock taken."""
    rows = Assignment.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("item__cycle", "agency").get(pk=assignment.pk)


def locked_update(update: Update) -> Update:
    """Return the update as it is now, with its assignment, both locked."""
    assignment = locked_assignment(update.assignment)
    current = Update.objects.select_for_update(no_key=True).get(pk=update.pk)
    current.assignment = assignment
    return current


def locked_item(item: Item) -> Item:
    """Return the row as it is now, locked until the transaction ends; `NotNow` when its cycle is closed."""
    rows = Item.objects.select_for_update(no_key=True, of=("self",))
    locked = rows.select_related("cycle").get(pk=item.pk)
    locked.cycle = held_open_cycle(locked.cycle)
    return locked


def require(permitted: bool) -> None:
    """Raise `NotAllowed` unless permitted."""
    if not permitted:
        raise NotAllowed(_("You may not do this. Nothing was changed."))


#: Why a closed cycle takes no write.
CYCLE_CLOSED = _("This cycle is closed. Nothing was changed; MAPO can reopen it with a reason.")


def require_open_cycle(assignment: Assignment) -> None:
    """A closed cycle takes no write but reviews of what was submitted (rules, Cycle).

    Holds the cycle open until the transaction ends: whoever closes it waits for the acts that have begun, and
    acts that begin afterwards see that it is closed. Locks are taken in this order: assignment, update, cycle.
    """
    cycle = held_open_cycle(assignment.item.cycle)
    assignment.item.cycle = cycle


def held_open_cycle(cycle: Cycle) -> Cycle:
    """Return the cycle as it is now, shared with other acts but not with its closing; `NotNow` when it is closed."""
    rows = Cycle.objects.raw("SELECT * FROM recommendations_cycle WHERE id = %s FOR SHARE", [cycle.pk])
    current: Cycle = rows[0]
    if current.is_closed:
        raise NotNow(CYCLE_CLOSED)
    return current


def require_alone(update: Update) -> None:
    """Raise `NotNow` for a row of an opening import that is not settled: it goes the way of its batch."""
    if update.opening_id is not None:
        raise NotNow(
            _(
                "This update is one row of an opening import, and goes with it as a whole. Nothing was changed; open "
                "the import."
            )
        )


def require_in_force(assignment: Assignment) -> None:
    """Only a confirmed assignment of an open cycle takes updates, actions and requests."""
    require_open_cycle(assignment)
    if assignment.stage != Stage.CONFIRMED:
        raise NotNow(_("This assignment is not in force. Your text is kept; ask MAPO."))


def require_reason(reason: str) -> str:
    """Return the reason without surrounding space; raise `NotNow` when there is none."""
    if not reason.strip():
        raise NotNow(_("Give a reason. It is kept with the decision."))
    return reason.strip()


def record_on(
    assignment: Assignment,
    *,
    action: str,
    actor: User | None,
    now: datetime,
    obj: Any = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    in_sight_of_agency: bool = True,
) -> None:
    """Record one Event on something under an assignment, on the item's timeline, for its agency unless said."""
    thing = obj if obj is not None else assignment
    record(
        action=action,
        actor=actor,
        obj=thing,
        label=f"{assignment.item.label_with_year} · {assignment.agency.code}",
        agency_id=assignment.agency_id if in_sight_of_agency else None,
        item_id=assignment.item_id,
        before=jsonable(before),
        after=jsonable(after),
        reason=reason,
        now=now,
    )


def jsonable(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Dates as ISO text; the rest as it is."""
    if values is None:
        return None
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


def changed_fields(thing: Any, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return (before, after) of those values that differ from the thing's own."""
    after = {name: value for name, value in values.items() if getattr(thing, name) != value}
    return {name: getattr(thing, name) for name in after}, after
