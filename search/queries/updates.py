"""Narratives: as they were sent, and for their own agency also what it has not sent yet."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from recommendations.models import Review, Submission
from recommendations.queries.sql import CANDIDATE, sql_of
from recommendations.states import Decision
from search.queries.found import (
    Matches,
    Searcher,
    SearchKind,
    answering,
    excerpt_of,
    knows_its_marks,
    shown_to_reader,
)
from submissions.states import EDITABLE_STATES


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
    title_ms: str
    title_en: str


def _sent(searcher: Searcher, *, question: str, agency_id: int = 0, cycle_id: int = 0) -> Matches:
    """MAPO finds all that was sent to it, an agency what it sent; everybody else what was accepted and they may read."""
    user = searcher.user
    conditions: list[tuple[str, object]] = []
    if user.is_agency_actor:
        conditions.append((_NEAR, user.agency_id))
    if agency_id:
        conditions.append(("agency_id = %s", agency_id))
    if cycle_id:
        conditions.append(("item_id IN (SELECT id FROM recommendations_item WHERE cycle_id = %s)", cycle_id))
    words = answering(*_WORDS, question, conditions)
    seen = []
    if user.is_mapo or user.is_agency_actor:
        version, of_version = sql_of(Submission.objects.within_clearance(user).filter(pk=CANDIDATE))
        update, of_update = searcher.sees_update
        seen.append((_SENT_SEEN.format(version=version, update=update), (*of_version, *of_update)))
    if not user.is_mapo:
        seen.append(sql_of(Review.objects.with_narrative_for(user).filter(submission_id=CANDIDATE)))
    return Matches(words, seen, knows_its_marks(*_WORDS))


_WORDS = ("search_narrativewords", "submission_id")

#: A version within the person's clearance, of an update that they may open: its number takes the candidate's place.
_SENT_SEEN = """
    SELECT WHERE EXISTS ({version} OFFSET 0) AND EXISTS (
        SELECT FROM (SELECT update_id AS id FROM recommendations_submission WHERE id = candidate.id) candidate
        WHERE EXISTS ({update} OFFSET 0) OFFSET 0)"""

#: An agency reads nothing of items in which it never had a part: that passes over most of what others wrote. Items are
#: gathered once into an array, which keeps the order of the candidates; a join might not.
_NEAR = "item_id = ANY (ARRAY(SELECT item_id FROM recommendations_assignment WHERE agency_id = %s))"

#: Of which assignment an update is.
_WHERE = """assignment.agency_id, assignment.item_id, item.kind, item.number, item.cycle_id,
    item.title_ms, item.title_en"""
_JOINED = """
    JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id
    JOIN recommendations_item item ON item.id = assignment.item_id"""

#: Narratives as they were sent.
SENT = SearchKind(
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
    title_ms: str
    title_en: str


def _unsent(searcher: Searcher, *, question: str, agency_id: int = 0, cycle_id: int = 0) -> Matches | None:
    """Only the agency itself finds drafts. There is at most one an assignment, so their words are made on the fly."""
    if not searcher.user.is_agency_actor:
        return None
    sees, params = searcher.sees_update
    conditions, values = ["assignment.agency_id = %s"], [searcher.user.agency_id]
    if agency_id:
        conditions.append("assignment.agency_id = %s")
        values.append(agency_id)
    if cycle_id:
        conditions.append("item.cycle_id = %s")
        values.append(cycle_id)
    drafts = _DRAFTS.format(sees=sees, conditions=" AND ".join(conditions))
    return Matches((drafts, (*params, *values)), [(_DRAFT_ANSWERS, (question,))])


_EDITABLE = ", ".join(f"'{state}'" for state in EDITABLE_STATES)

#: Updates whose text is not, or no longer, what was sent.
_DRAFTS = f"""
    SELECT candidate.id FROM recommendations_update candidate
    JOIN recommendations_assignment assignment ON assignment.id = candidate.assignment_id
    JOIN recommendations_item item ON item.id = assignment.item_id
    WHERE candidate.state IN ({_EDITABLE}) AND EXISTS ({{sees}} OFFSET 0) AND {{conditions}} AND NOT EXISTS (
        SELECT FROM recommendations_submission version
        WHERE version.update_id = candidate.id AND version.revision = candidate.revision)
    ORDER BY candidate.id DESC"""  # noqa: S608 - the states are ours

_DRAFT_ANSWERS = f"""
    SELECT FROM recommendations_update draft
    WHERE draft.id = candidate.id AND jejak_words({shown_to_reader("draft.narrative")}) @@ jejak_query(%s)"""

#: Narratives that an agency is still writing.
UNSENT = SearchKind(
    FoundDraft,
    reach=_unsent,
    columns=f"{excerpt_of('update.narrative')}, update.saved_at, update.state, {_WHERE}",
    tables=f"JOIN recommendations_update update ON update.id = found.id {_JOINED}",
)
