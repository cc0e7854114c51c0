"""Narratives: as they were sent, and for their own agency also what it has not sent yet."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from accounts.models import User
from recommendations.models import Review, Submission, Update
from recommendations.queries.candidates import CANDIDATE, sql_of
from recommendations.states import EDITABLE_STATES, Decision
from search.queries.found import Kind, Reach, answering, excerpt_of


class FoundNarrative(NamedTuple):
    """A narrative that answers, as it was sent.

    `decided_at` is the instant of the newest verdict: whoever is not of the agency may know that, and not when it was
    sent.
    """

    pk: int
    total: int
    update_id: int
    excerpt: str
    submitted_at: datetime
    decided_at: datetime | None
    state: str
    agency_id: int
    item_id: int
    item_kind: str
    item_number: int
    cycle_id: int


def _sent(user: User, *, question: str, agency_id: int = 0, cycle_id: int = 0) -> Reach:
    """MAPO finds whatever was sent to it, an agency what it sent; others what was accepted and they may read."""
    conditions: list[tuple[str, object]] = []
    if user.is_agency_actor:
        conditions.append((_NEAR, user.agency_id))
    if agency_id:
        conditions.append(("agency_id = %s", agency_id))
    if cycle_id:
        conditions.append(("item_id IN (SELECT id FROM recommendations_item WHERE cycle_id = %s)", cycle_id))
    words = answering("search_narrativewords", "submission_id", question, conditions)
    seen = []
    if user.is_mapo or user.is_agency_actor:
        sent = Submission.objects.within_clearance(user)
        seen.append(sql_of(sent.filter(pk=CANDIDATE, update__in=Update.objects.visible_to(user))))
    if not user.is_mapo:
        seen.append(sql_of(Review.objects.with_narrative_for(user).filter(submission_id=CANDIDATE)))
    return Reach(words, seen)


#: An agency reads nothing of items in which it never had a part: that passes over most of what others wrote. Items are
#: gathered once into an array, which keeps the order of the candidates; a join might not.
_NEAR = "item_id = ANY (ARRAY(SELECT item_id FROM recommendations_assignment WHERE agency_id = %s))"

#: Of which assignment an update is.
_WHERE = "assignment.agency_id, assignment.item_id, item.kind, item.number, item.cycle_id"
_JOINED = """
    JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id
    JOIN recommendations_item item ON item.id = assignment.item_id"""

#: Narratives as they were sent.
SENT = Kind(
    FoundNarrative,
    reach=_sent,
    columns=f"""submission.update_id, {excerpt_of("submission.narrative")}, submission.submitted_at,
        (SELECT max(decided_at) FROM recommendations_review
         WHERE submission_id = submission.id AND decision = '{Decision.ACCEPT.value}'),
        update.state, {_WHERE}""",  # noqa: S608 - our own words
    tables=f"""
        JOIN recommendations_submission submission ON submission.id = found.id
        JOIN recommendations_update update ON update.id = submission.update_id {_JOINED}""",
)


class FoundDraft(NamedTuple):
    """A text that answers and that an agency is still writing."""

    pk: int
    total: int
    excerpt: str
    saved_at: datetime
    state: str
    agency_id: int
    item_id: int
    item_kind: str
    item_number: int
    cycle_id: int


def _unsent(user: User, *, question: str, agency_id: int = 0, cycle_id: int = 0) -> Reach | None:
    """Only the agency itself finds them. They are at most one an assignment, so their words are made on the way."""
    if not user.is_agency_actor:
        return None
    narrowed = {}
    if agency_id:
        narrowed["assignment__agency_id"] = agency_id
    if cycle_id:
        narrowed["assignment__item__cycle_id"] = cycle_id
    as_sent = Submission.objects.filter(update=OuterRef("pk"), revision=OuterRef("revision"))
    drafts = Update.objects.visible_to(user).filter(~Exists(as_sent), state__in=EDITABLE_STATES, **narrowed)
    return Reach(sql_of(drafts, order="-pk"), [(_DRAFT_ANSWERS, (question,))])


_DRAFT_ANSWERS = """
    SELECT FROM recommendations_update draft
    WHERE draft.id = candidate.id AND jejak_words(draft.narrative) @@ jejak_query(%s)"""

#: Texts that an agency is still writing.
UNSENT = Kind(
    FoundDraft,
    reach=_unsent,
    columns=f"{excerpt_of('update.narrative')}, update.saved_at, update.state, {_WHERE}",
    tables=f"JOIN recommendations_update update ON update.id = found.id {_JOINED}",
)
