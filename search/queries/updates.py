"""Narratives: as they were sent, and for their own agency also what it has not sent yet."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, F, Func, OuterRef, QuerySet, Subquery

from accounts.models import User
from recommendations.models import Assignment, Review, Submission, Update
from recommendations.models.update import UpdateQuerySet
from recommendations.states import EDITABLE_STATES
from search.models import NarrativeWords
from search.queries.found import CANDIDATE, Kind, Reach, around

#: What a row says of its assignment.
_WHERE = ("agency_id", "item_id", "item__kind", "item__number", "item__cycle_id")


def _sent(user: User, *, question: str, agency_id: int = 0, cycle_id: int = 0) -> Reach:
    """MAPO finds whatever was sent to it, an agency what it sent; others what was accepted and they may read."""
    words = NarrativeWords.objects.filter(words__answers=question)
    if agency_id:
        words = words.filter(agency_id=agency_id)
    if cycle_id:
        words = words.filter(item__cycle_id=cycle_id)
    seen = Submission.objects.within_clearance(user).filter(
        pk=CANDIDATE, update__in=Update.objects.visible_to(user)
    )
    if user.is_mapo:
        return Reach(words, [seen])
    told = Review.objects.with_narrative_for(user).filter(submission_id=CANDIDATE)
    if not user.is_agency_actor:
        return Reach(words, [told])
    return Reach(words.filter(_near(user)), [seen, told])


def _near(user: User) -> Func:
    """An agency reads nothing of items in which it never had a part: that passes over most of what others wrote.

    Items are gathered once into an array, which keeps the order of the candidates; a join might not.
    """
    items = Assignment.objects.filter(agency_id=user.agency_id).order_by().values("item_id")
    return Func(
        F("item_id"),
        ArraySubquery(items),
        template="(%(expressions)s))",
        arg_joiner=" = ANY (",
        output_field=BooleanField(),
    )


def _show_sent(rows: QuerySet[Submission], *, needles: str) -> QuerySet[Any, Any]:
    """With the instant of the newest verdict: whoever is not of the agency may know that, and not when it was sent."""
    where = [f"update__assignment__{name}" for name in _WHERE]
    verdicts = Review.objects.accepted().filter(submission=OuterRef("pk")).newest_first()
    decided_at = Subquery(verdicts.values("decided_at")[:1])
    return rows.annotate(excerpt=around("narrative", needles), decided_at=decided_at).values_list(
        "pk",
        "total",
        "update_id",
        "excerpt",
        "submitted_at",
        "decided_at",
        "update__state",
        *where,
        named=True,
    )


#: Narratives as they were sent.
SENT = Kind(Submission, reach=_sent, show=_show_sent)


def being_written(updates: UpdateQuerySet) -> UpdateQuerySet:
    """Those whose text is not, or no longer, what was sent."""
    as_sent = Submission.objects.filter(update=OuterRef("pk"), revision=OuterRef("revision"))
    return updates.filter(~Exists(as_sent), state__in=EDITABLE_STATES)


def _unsent(user: User, *, question: str, agency_id: int = 0, cycle_id: int = 0) -> Reach | None:
    """Only the agency itself finds them. They are at most one an assignment, so their words are made on the way."""
    if not user.is_agency_actor:
        return None
    drafts = being_written(Update.objects.visible_to(user))
    if agency_id:
        drafts = drafts.filter(assignment__agency_id=agency_id)
    if cycle_id:
        drafts = drafts.filter(assignment__item__cycle_id=cycle_id)
    words = Func(F("narrative"), function="jejak_words", output_field=NarrativeWords._meta.get_field("words"))
    answering = Update.objects.alias(words=words).filter(pk=CANDIDATE, words__answers=question)
    return Reach(drafts, [answering])


def _show_unsent(rows: QuerySet[Update], *, needles: str) -> QuerySet[Any, Any]:
    where = [f"assignment__{name}" for name in _WHERE]
    return rows.annotate(update_id=F("pk"), excerpt=around("narrative", needles)).values_list(
        "pk", "total", "update_id", "excerpt", "saved_at", "state", *where, named=True
    )


#: Texts that an agency is still writing.
UNSENT = Kind(Update, reach=_unsent, show=_show_unsent)
