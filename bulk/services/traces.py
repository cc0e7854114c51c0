"""What was done on an assignment: kept with a bulk act when it is done, compared before it is undone.

The traces are counted while the assignment is locked, and every act on an assignment locks it first. So nothing that
is built on the act is missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from bulk.models import BulkKind, BulkStep
from recommendations.models import (
    Action,
    AssignmentOfficer,
    AssignmentRequest,
    AssignmentVersion,
    Comment,
    Review,
    Submission,
    Update,
)

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
SOMETHING = _("something was built on it")
_CLASSIFIED = ("updates", "submissions", "decisions", "comments")

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
    grown = {step.pk: _grown(step, now[step.assignment_id]) for step in kept}
    bearing = [step for step in kept if grown[step.pk]]
    secret = _above_clearance([step.assignment_id for step in bearing], reader) if bearing else set()
    return {step.pk: _told(grown[step.pk], is_secret=step.assignment_id in secret) for step in bearing}


def _grown(step: BulkStep, traces: dict[str, Any]) -> list[str]:
    kept = step.after["traces"]
    return [name for name in COUNTED[step.act.kind] if traces.get(name) != kept.get(name)]


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
