"""What stands on an assignment: kept when a bulk act is done, compared before it is undone.

Counted while the assignment is locked, as every act on it locks it first. So nothing that is built on the act can
slip between the instants of two clocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recommendations.models import (
    Action,
    Assignment,
    AssignmentOfficer,
    AssignmentRequest,
    AssignmentVersion,
    Comment,
    Review,
    Submission,
    Update,
)
from recommendations.models.bulk import BulkKind, BulkStep

#: What a trace that has grown tells, by its name.
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

#: What counts as built on each kind of act. A date that moved bears reports; who answers for an item bears all.
COUNTED: dict[str, tuple[str, ...]] = {
    BulkKind.MOVE_DUE: ("version", "updates", "submissions", "decisions", "requests"),
    BulkKind.TURN_DOWN: ("version",),
    BulkKind.CONFIRM: tuple(WORDS),
    BulkKind.ASSIGN: tuple(WORDS),
}

_ROWS: dict[str, tuple[Any, str]] = {
    "updates": (Update, "assignment"),
    "submissions": (Submission, "update__assignment"),
    "decisions": (Review, "assignment"),
    "requests": (AssignmentRequest, "assignment"),
    "steps": (Action, "assignment"),
    "comments": (Comment, "assignment"),
}


def traces_of(assignment_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """By assignment: its current version, and how much of each kind stands on it. Eight queries for any number."""
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


def built_upon(steps: Iterable[BulkStep]) -> dict[int, list[str]]:
    """By step, what was built on it since, in the reader's words; steps on which nothing was are left out.

    Takes the same queries for the steps of one act and of many; `act` is loaded with each.
    """
    kept = list(steps)
    now = traces_of(step.assignment_id for step in kept)
    found = {step.pk: _grown(step, now[step.assignment_id]) for step in kept}
    return {pk: words for pk, words in found.items() if words}


def _grown(step: BulkStep, traces: dict[str, Any]) -> list[str]:
    kept = step.after["traces"]
    return [str(WORDS[name]) for name in COUNTED[step.act.kind] if traces.get(name) != kept.get(name)]


def in_order(steps: Iterable[BulkStep]) -> list[BulkStep]:
    """By item, then agency: as the act itself went."""
    return sorted(steps, key=lambda step: _place(step.assignment))


def _place(assignment: Assignment) -> tuple[int, int]:
    return (assignment.item_id, assignment.agency_id)
