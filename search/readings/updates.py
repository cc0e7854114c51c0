"""Narratives: as they were sent, and for their own agency also what it has not sent yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, QuerySet

from accounts.models import User
from recommendations.models import Assignment, Review, Submission, Update
from recommendations.states import EDITABLE_STATES
from search.models import NarrativeWords
from search.readings.found import Kind, around

_WHERE = (
    "agency_id", "agency__code", "agency__name_ms", "agency__name_en",
    "item_id", "item__kind", "item__number", "item__cycle__year",
)  # fmt: skip


def _narrowed(rows: QuerySet[Any], path: str, *, agency_id: int = 0, cycle_id: int = 0) -> QuerySet[Any]:
    """Rows of one agency and one cycle, where asked for; `path` leads to the assignment."""
    if agency_id:
        rows = rows.filter(**{f"{path}__agency_id": agency_id})
    return rows.filter(**{f"{path}__item__cycle_id": cycle_id}) if cycle_id else rows


def _sent(user: User, *, question: str, **narrowing: int) -> list[QuerySet[NarrativeWords]]:
    """MAPO finds whatever was sent to it, an agency what it sent; others what was accepted and they may read."""
    words = _narrowed(NarrativeWords.objects.filter(words__answers=question), "assignment", **narrowing)
    seen = Submission.objects.within_clearance(user).filter(update__in=Update.objects.visible_to(user))
    if user.is_mapo:
        return [words.filter(submission__in=seen)]
    told = words.filter(
        Exists(Review.objects.with_narrative_for(user).filter(submission=OuterRef("submission_id")))
    )
    if not user.is_agency_actor:
        return [told]
    # Which assignments can matter is asked first and once: it passes over most of what others wrote.
    items = Assignment.objects.in_force().filter(agency_id=user.agency_id).values("item_id")
    others = Assignment.objects.exclude(agency_id=user.agency_id).filter(item__in=items)
    own = Assignment.objects.filter(agency_id=user.agency_id)
    return [
        words.filter(assignment__in=own.values("pk"), submission__in=seen),
        told.filter(assignment__in=others.values("pk")),
    ]


def _show_sent(rows: QuerySet[Submission], *, user: User, needles: str) -> QuerySet[Any, Any]:
    where = [f"update__assignment__{name}" for name in _WHERE]
    return rows.annotate(excerpt=around("narrative", needles)).values_list(
        "pk", "total", "update_id", "excerpt", "submitted_at", "update__state", *where
    )


#: Narratives as they were sent.
SENT = Kind(Submission, parts=_sent, show=_show_sent)


def _unsent(user: User, *, question: str, **narrowing: int) -> Iterator[QuerySet[Update]]:
    """Only the agency itself finds them. They are at most one an assignment, so their words are made on the way."""
    if not user.is_agency_actor:
        return
    as_sent = Submission.objects.filter(update=OuterRef("pk"), revision=OuterRef("revision"))
    drafts = Update.objects.visible_to(user).filter(~Exists(as_sent), state__in=EDITABLE_STATES)
    words = Func(F("narrative"), function="jejak_words", output_field=NarrativeWords._meta.get_field("words"))
    yield _narrowed(drafts.alias(words=words).filter(words__answers=question), "assignment", **narrowing)


def _show_unsent(rows: QuerySet[Update], *, user: User, needles: str) -> QuerySet[Any, Any]:
    where = [f"assignment__{name}" for name in _WHERE]
    return rows.annotate(update_id=F("pk"), excerpt=around("narrative", needles)).values_list(
        "pk", "total", "update_id", "excerpt", "saved_at", "state", *where
    )


#: Texts that an agency is still writing.
UNSENT = Kind(Update, parts=lambda *args, **values: list(_unsent(*args, **values)), show=_show_unsent)
