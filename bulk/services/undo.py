"""Undoes a bulk act by new acts that compensate for it, as a whole or not at all.

What each kind gives back:

- moved due dates: the date that stood before, even where it is over by now.
- turned down: the suggestion stands again, on the same row. Only MAPO ever saw it.
- confirmed: the assignment ends, and a suggestion is noted anew. It cannot become a suggestion again on the same row:
  its agency has seen that it answered for the item, the instant of the confirmation is settled, and what has ever been
  confirmed is shown to its agency. As at a day in between, it was in force.
- assigned: the assignment ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.errors import NotNow
from bulk.models import DUE_DATES, BulkAct, BulkKind, BulkStep
from bulk.services.traces import built_upon
from recommendations.models import Assignment
from recommendations.permissions import may_steer
from recommendations.services.assignments import (
    FACTS,
    save_unless_taken,
    suggest_assignment,
)
from recommendations.services.checks import (
    close_assignment,
    held_open_cycle,
    record_on,
    require,
    require_none_waiting,
)

#: The reasons of assignments that an undo ended: in Malay, the language of the record.
CONFIRMATION_UNDONE = "Pengesahan telah dibatalkan oleh MAPO."
ASSIGNING_UNDONE = "Penugasan telah dibatalkan oleh MAPO."


class BuiltUpon(NotNow):
    """Something was built on the act since; the message names the assignments and what it was."""

    def __init__(self, steps: list[BulkStep], built: Mapping[int, list[str]]) -> None:
        names = "; ".join(
            f"{step.assignment.agency.code}, {step.assignment.item}: {', '.join(built[step.pk])}"
            for step in steps
            if step.pk in built
        )
        super().__init__(
            _(
                "This can no longer be undone, because something was built on it. Nothing was changed. %(names)s."
            )
            % {"names": names}
        )


@transaction.atomic
def undo_bulk(act: BulkAct, *, actor: User, now: datetime) -> BulkAct:
    """Undo an act as a whole by compensating acts, with one Event for each assignment. Undoing twice undoes once.

    Raises `BuiltUpon`, which names the assignments on which something was built since, and `NotNow` when the cycle
    is closed or a rule stands against it. Assignments are locked by primary key, after the act.
    """
    require(may_steer(actor))
    act = BulkAct.objects.select_for_update(no_key=True, of=("self",)).select_related("cycle").get(pk=act.pk)
    if act.undone_at is not None:
        return act
    steps = _locked_steps(act)
    held_open_cycle(act.cycle)
    built = built_upon(steps, reader=actor)
    if built:
        raise BuiltUpon(steps, built)
    for step in steps:
        _UNDO[act.kind](step, actor=actor, now=now)
    act.undone_by, act.undone_at = actor, now
    act.save(update_fields=["undone_by", "undone_at"])
    return act


def _locked_steps(act: BulkAct) -> list[BulkStep]:
    """Return the steps by item, then agency, each with its assignment locked."""
    steps = list(act.steps.all())
    rows = Assignment.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__in=[step.assignment_id for step in steps]
    )
    locked = {row.pk: row for row in rows.select_related("item__cycle", "agency").order_by("pk")}
    for step in steps:
        step.act = act
        step.assignment = locked[step.assignment_id]
    return sorted(steps, key=lambda step: (step.assignment.item_id, step.assignment.agency_id))


def _move_back(step: BulkStep, *, actor: User, now: datetime) -> None:
    _restore(step, DUE_DATES, action="assignment.move_undone", actor=actor, now=now)


def _suggest_again(step: BulkStep, *, actor: User, now: datetime) -> None:
    step.assignment.ended_reason = ""
    _restore(step, FACTS, action="assignment.turning_down_undone", actor=actor, now=now)


def _restore(step: BulkStep, names: Iterable[str], *, action: str, actor: User, now: datetime) -> None:
    """Give an assignment those of the named fields back that it had before the act, and record the Event."""
    assignment, kept = step.assignment, step.facts_before or {}
    values = {name: kept[name] for name in names if kept[name] != getattr(assignment, name)}
    before = {name: getattr(assignment, name) for name in values}
    for name, value in values.items():
        setattr(assignment, name, value)
    save_unless_taken(assignment)
    record_on(assignment, action=action, actor=actor, now=now, before=before, after=values)


def _unconfirm(step: BulkStep, *, actor: User, now: datetime) -> None:
    assignment, before = step.assignment, step.facts_before or {}
    require_none_waiting(assignment)
    about: dict[str, Any] = {"actor": actor, "now": now}
    close_assignment(assignment, action="assignment.confirmation_undone", reason=CONFIRMATION_UNDONE, **about)
    suggest_assignment(
        assignment.item,
        agency=assignment.agency,
        role=before["role"],
        due_on=before["due_on"],
        cadence_days=before["cadence_days"],
        **about,
    )


def _unassign(step: BulkStep, *, actor: User, now: datetime) -> None:
    require_none_waiting(step.assignment)
    close_assignment(
        step.assignment,
        action="assignment.assigning_undone",
        reason=ASSIGNING_UNDONE,
        actor=actor,
        now=now,
    )


_UNDO: dict[str, Callable[..., None]] = {
    BulkKind.MOVE_DUE: _move_back,
    BulkKind.TURN_DOWN: _suggest_again,
    BulkKind.CONFIRM: _unconfirm,
    BulkKind.ASSIGN: _unassign,
}
