"""Undoes a bulk act by new acts that compensate for it, as a whole or not at all.

What each kind gives back:

- moved due dates: the date that stood before, even where it is over by now.
- turned down: the suggestion stands again, on the same row. Only MAPO ever saw it.
- confirmed: the assignment ends, and a suggestion is noted anew. It cannot become a suggestion again on the same row:
  its agency has seen that it answered for the item, the instant of the confirmation is settled, and what has ever been
  confirmed is shown to its agency. As at a day in between, it was in force.
- assigned: the assignment ends.
- officers named: those who were named before, as far as they still act for the agency.

What was done on each assignment is kept with the act when it is done, and compared before it is undone. These traces are
counted while the assignment is locked, and every act on an assignment locks it first: nothing that is built on the act
is missed.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import require
from audit.errors import NotNow
from bulk.models import DUE_DATES, BulkAct, BulkKind, BulkStep
from recommendations.models import (
    Action,
    Assignment,
    AssignmentOfficer,
    AssignmentRequest,
    AssignmentVersion,
    Comment,
    Cycle,
    Review,
    Submission,
    Update,
)
from recommendations.services.assignments import (
    FACTS,
    name_officers,
    save_unless_taken,
    suggest_assignment,
)
from recommendations.services.checks import close_assignment, record_on, require_none_waiting

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
                "This can no longer be undone, because later changes depend on it. Nothing was changed. "
                "%(names)s."
            )
            % {"names": names}
        )


@transaction.atomic
def undo_bulk(act: BulkAct, *, actor: User, now: datetime) -> BulkAct:
    """Undo an act as a whole by compensating acts, with one Event for each assignment. Undoing twice undoes once.

    Raises `BuiltUpon`, which names the assignments on which something was built since, and `NotNow` when the cycle
    is closed or a rule stands against it. Assignments are locked by primary key, after the act.
    """
    require(BulkAct.objects.visible_to(actor).filter(pk=act.pk).exists())
    act = BulkAct.objects.select_for_update(no_key=True, of=("self",)).select_related("cycle").get(pk=act.pk)
    if act.undone_at is not None:
        return act
    steps = _locked_steps(act)
    Cycle.objects.held_open(act.cycle)
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


def _restore(step: BulkStep, *, names: Iterable[str], action: str, actor: User, now: datetime) -> None:
    """Give an assignment those of the named fields back that it had before the act, and record the Event.

    The reason of an end goes with it, which a date that moved never had.
    """
    assignment, kept = step.assignment, step.facts_before or {}
    assignment.ended_reason = ""
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
    about: dict[str, Any] = {"actor": actor, "now": now, "reason": ASSIGNING_UNDONE}
    close_assignment(step.assignment, action="assignment.assigning_undone", **about)


def _name_again(step: BulkStep, *, actor: User, now: datetime) -> None:
    """Name those who were named before the act, as far as they still act for the agency."""
    before = User.objects.filter(pk__in=(step.before or {}).get("officers", []))
    officers = before.able_to_act().in_agency(step.assignment.agency_id)
    name_officers(step.assignment, officers=officers, actor=actor, now=now)


_UNDO: dict[str, Callable[..., None]] = {
    BulkKind.MOVE_DUE: partial(_restore, names=DUE_DATES, action="assignment.move_undone"),
    BulkKind.TURN_DOWN: partial(_restore, names=FACTS, action="assignment.turning_down_undone"),
    BulkKind.CONFIRM: _unconfirm,
    BulkKind.ASSIGN: _unassign,
    BulkKind.OFFICERS: _name_again,
}

#: What was done if a trace has changed, by its name.
WORDS: dict[str, str | Promise] = {
    "version": _("it was changed again"),
    "updates": _("an update was started"),
    "submissions": _("an update was sent"),
    "decisions": _("MAPO decided on an update"),
    "requests": _("the agency asked MAPO"),
    "steps": _("a step was planned"),
    "comments": _("a comment was written"),
    "officers": _("responsible officers were named"),
}

#: The words if the reader may not know what it was.
SOMETHING = _("later changes depend on it")
_CLASSIFIED = ("updates", "submissions", "decisions", "comments")

#: What counts as built on each kind of act. A date that moved bears reports; who answers for an item bears all.
COUNTED: dict[str, tuple[str, ...]] = {
    BulkKind.MOVE_DUE: ("version", "updates", "submissions", "decisions", "requests"),
    BulkKind.TURN_DOWN: ("version",),
    BulkKind.CONFIRM: tuple(WORDS),
    BulkKind.ASSIGN: tuple(WORDS),
    BulkKind.OFFICERS: ("officers",),
}

_ROWS: dict[str, tuple[Any, str]] = {
    "updates": (Update, "assignment"),
    "submissions": (Submission, "update__assignment"),
    "decisions": (Review, "assignment"),
    "requests": (AssignmentRequest, "assignment"),
    "steps": (Action, "assignment"),
    "comments": (Comment, "assignment"),
}


def trace_queries(assignment_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return, by assignment id, its current version and the number of updates, requests and so on. Eight queries for any number."""
    ids = sorted(set(assignment_ids))
    found: dict[int, dict[str, Any]] = {pk: {**dict.fromkeys(_ROWS, 0), "officers": []} for pk in ids}
    versions = AssignmentVersion.objects.current().filter(assignment__in=ids)
    for assignment_id, version in versions.values_list("assignment_id", "pk"):
        found[assignment_id]["version"] = version
    for name, (model, path) in _ROWS.items():
        counted = model.objects.filter(**{f"{path}__in": ids}).order_by().values_list(path)
        for assignment_id, count in counted.annotate(count=Count("pk")):
            found[assignment_id][name] = count
    named = AssignmentOfficer.objects.filter(assignment__in=ids).order_by("user_id")
    for assignment_id, user_id in named.values_list("assignment_id", "user_id"):
        found[assignment_id]["officers"].append(user_id)
    return found


def built_upon(steps: Iterable[BulkStep], *, reader: User) -> dict[int, list[str]]:
    """Return, by step id, what was done on its assignment since, in words; steps without anything are left out.

    What is classified above the reader's clearance is not named. Takes the same queries for the steps of one act
    and of many; `act` is loaded with each.
    """
    kept = list(steps)
    now = trace_queries(step.assignment_id for step in kept)
    grown = {
        step.pk: [
            name
            for name in COUNTED[step.act.kind]
            if now[step.assignment_id].get(name) != step.after["traces"].get(name)
        ]
        for step in kept
    }
    bearing = [step for step in kept if grown[step.pk]]
    secret = _above_clearance([step.assignment_id for step in bearing], reader) if bearing else set()
    return {step.pk: _told(grown[step.pk], is_secret=step.assignment_id in secret) for step in bearing}


def _told(names: list[str], *, is_secret: bool) -> list[str]:
    words = (SOMETHING if is_secret and name in _CLASSIFIED else WORDS[name] for name in names)
    return list(dict.fromkeys(str(word) for word in words))


def _above_clearance(assignment_ids: list[int], reader: User) -> set[int]:
    """Return those assignments that hold something above the reader's clearance."""
    updates = Update.objects.filter(assignment__in=assignment_ids).above_clearance(reader)
    comments = Comment.objects.filter(
        assignment__in=assignment_ids, classification__gt=reader.clearance
    ).order_by()
    return set(
        updates.values_list("assignment", flat=True).union(comments.values_list("assignment", flat=True))
    )
