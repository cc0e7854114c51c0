"""What the page of one item reads by statements written by hand: facts, and the rights put into them by `sql_of`.

By the ORM, building these queries took longer than everything else on the page together.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from accounts.models import Agency, User
from evidence.models import Document
from recommendations.models import Assignment, AssignmentRequest, Comment, Update
from recommendations.queries.sql import OVERRIDE_SET_BY, Sql, fetch_rows, seen_candidate
from recommendations.states import Decision, ItemKind

#: How many of an assignment's newest updates are read.
NEWEST_UPDATES = 6


class ItemTexts(NamedTuple):
    """An item of the report, what answers it if it is a weakness.

    Of the item asked for, also its override, its facts, and when its cycle was first recorded.
    """

    pk: int
    cycle_id: int
    kind: str
    number: int
    pillar: str
    text_ms: str
    text_en: str
    title_ms: str
    title_en: str
    divergence_ms: str
    divergence_en: str
    answer_ids: list[int]
    override_id: int | None
    override_status: str
    override_percent: int
    override_reason: str
    override_set_at: datetime | None
    override_set_by: str | None
    facts: list[dict[str, Any]] | None
    recorded_at: datetime | None


_ITEMS = f"""
SELECT item.id, item.cycle_id, item.kind, item.number, item.pillar, item.text_ms, item.text_en, item.title_ms,
       item.title_en, item.divergence_ms, item.divergence_en,
       ARRAY(SELECT link.answer_id FROM recommendations_itemlink link
             WHERE link.weakness_id = item.id ORDER BY link.answer_id),
       override.id, override.status, override.percent, override.reason, override.set_at,
       CASE WHEN %(is_mapo)s THEN {OVERRIDE_SET_BY} END,
       CASE WHEN item.id = %(item)s THEN (
            SELECT json_agg(json_build_object('id', fact.id, 'title_ms', fact.title_ms, 'title_en', fact.title_en)
                            ORDER BY fact.id)
            FROM recommendations_cyclefact fact
            JOIN recommendations_cyclefactitem link ON link.fact_id = fact.id
            WHERE link.item_id = item.id AND fact.withdrawn_at IS NULL) END,
       CASE WHEN item.id = %(item)s THEN (
            SELECT min(version.began_at) FROM recommendations_cycleversion version
            WHERE version.cycle_id = item.cycle_id) END
FROM recommendations_item item
LEFT JOIN recommendations_itemoverride override
    ON override.item_id = item.id AND override.item_id = %(item)s AND override.ended_at IS NULL
WHERE item.cycle_id = (
    SELECT cycle.id FROM recommendations_item asked JOIN recommendations_cycle cycle ON cycle.id = asked.cycle_id
    WHERE asked.id = %(item)s AND (%(is_mapo)s OR cycle.opened_at IS NOT NULL))
ORDER BY array_position(%(kinds)s, item.kind::text), item.number
"""  # noqa: S608 - the words are ours


def items_beside(item_id: int, *, user: User) -> list[ItemTexts]:
    """Return all items of an item's cycle in the order of the report (one query).

    Everybody reads them, before the cycle is opened MAPO alone; who set the override is told to MAPO alone.
    """
    values = {"item": item_id, "kinds": list(ItemKind.values), "is_mapo": user.is_mapo}
    return [ItemTexts(*row) for row in fetch_rows(_ITEMS, values)]


class AssignmentRow(NamedTuple):
    """An assignment of the item with MAPO's newest verdict, if any.

    `is_awaiting` is the database's: who may know of it is the caller's to ask. The last three are empty unless the reader
    is of its agency or of MAPO, and hold what they may see: newest updates and request as facts, ids of comments.
    """

    pk: int
    agency_id: int
    code: str
    name_ms: str
    name_en: str
    role: str
    stage: str
    next_due_on: date | None
    is_awaiting: bool
    review_id: int | None
    status: str
    percent: int
    decided_at: datetime | None
    updates: list[dict[str, Any]] | None
    request: dict[str, Any] | None
    comment_ids: list[int] | None


_ASSIGNMENTS = """
SELECT part.id, part.agency_id, agency.code, agency.name_ms, agency.name_en, part.role, part.stage, part.next_due_on,
       outcome.waiting_id IS NOT NULL, outcome.verdict_id, outcome.status, outcome.percent, outcome.decided_at,
       CASE WHEN part.is_open THEN (SELECT json_agg(newest) FROM (
            SELECT candidate.id, candidate.state, candidate.status, candidate.percent,
                   coalesce(candidate.submitted_at, candidate.saved_at) AS at, candidate.reported_on
            FROM recommendations_update candidate
            WHERE candidate.assignment_id = part.id AND EXISTS ({updates} OFFSET 0)
            ORDER BY candidate.created_at DESC, candidate.id DESC
            LIMIT %s) newest) END,
       CASE WHEN part.is_open THEN (SELECT row_to_json(newest) FROM (
            SELECT candidate.id, candidate.kind, candidate.reason, candidate.proposed_on, candidate.asked_at AS at,
                   candidate.answer, candidate.answer_reason
            FROM recommendations_assignmentrequest candidate
            WHERE candidate.assignment_id = part.id AND EXISTS ({requests})
            ORDER BY candidate.id DESC
            LIMIT 1) newest) END,
       CASE WHEN part.is_open THEN ARRAY(
            SELECT candidate.id
            FROM recommendations_comment candidate
            WHERE candidate.assignment_id = part.id AND EXISTS ({comments})
            ORDER BY candidate.written_at DESC, candidate.id DESC) END
FROM (SELECT candidate.*, candidate.agency_id = ANY(%s) OR %s AS is_open
      FROM recommendations_assignment candidate
      WHERE candidate.item_id = %s AND EXISTS ({seen})) part
JOIN accounts_agency agency ON agency.id = part.agency_id
JOIN recommendations_outcome outcome ON outcome.assignment_id = part.id
ORDER BY agency.code, part.id
"""


def assignments_of_item(item_id: int, *, user: User) -> list[AssignmentRow]:
    """Return every assignment of an item that the person may know of, by code (one query)."""
    updates, of_updates = seen_candidate(Update, user)
    requests, of_requests = seen_candidate(AssignmentRequest, user)
    comments, of_comments = seen_candidate(Comment, user)
    seen, of_seen = seen_candidate(Assignment, user)
    statement = _ASSIGNMENTS.format(updates=updates, requests=requests, comments=comments, seen=seen)
    own = [user.agency_id] if user.is_agency_actor else []
    values = (
        *of_updates, NEWEST_UPDATES, *of_requests, *of_comments, own, user.is_mapo, item_id, *of_seen,
    )  # fmt: skip
    return [AssignmentRow(*row) for row in fetch_rows(statement, values)]


class VerdictRow(NamedTuple):
    """A verdict on the item. Status, percentage and date are everybody's; the rest is given out by `entry_of` alone."""

    pk: int
    assignment_id: int
    status: str
    percent: int
    decided_at: datetime
    files_count: int
    is_nothing_new: bool
    reported_on: date | None
    claim_status: str
    claim_percent: int
    narrative: str
    covers_from: date
    covers_to: date
    classification: int
    submitted_at: datetime
    superseded_at: datetime | None
    superseded_reason: str | None


_VERDICTS = """
SELECT review.id, review.assignment_id, review.status, review.percent, review.decided_at,
       (SELECT count(*) FROM recommendations_submissiondocument link WHERE link.submission_id = submission.id),
       update.is_nothing_new, update.reported_on,
       submission.status, submission.percent, submission.narrative, submission.covers_from, submission.covers_to,
       submission.classification, submission.submitted_at, successor.decided_at, successor.reason
FROM (SELECT id FROM recommendations_review
      WHERE item_id = %(item)s AND decision = %(accept)s {decided}
      ORDER BY decided_at DESC, id DESC OFFSET %(start)s LIMIT %(most)s) newest
JOIN recommendations_review review ON review.id = newest.id
JOIN recommendations_submission submission ON submission.id = review.submission_id
JOIN recommendations_update update ON update.id = submission.update_id
LEFT JOIN recommendations_review successor ON successor.supersedes_id = review.id {replaced}
ORDER BY review.decided_at DESC, review.id DESC
"""


#: What a past instant knows of verdicts, and of those that took their place.
_KNOWN_THEN = {
    "decided": "AND decided_at < %(before)s::timestamptz",
    "replaced": "AND successor.decided_at < %(before)s::timestamptz",
}


def verdicts_of_item(
    item_id: int, *, start: int, most: int, before: datetime | None = None
) -> list[VerdictRow]:
    """Return so many verdicts on an item from the newest on, after the first `start` of them (one query).

    With `before`, those that had been given before that instant.
    """
    statement = _VERDICTS.format(**(_KNOWN_THEN if before else dict.fromkeys(_KNOWN_THEN, "")))
    values = {"item": item_id, "accept": Decision.ACCEPT.value, "start": start, "most": most}
    return [VerdictRow(*row) for row in fetch_rows(statement, values | {"before": before})]


_DOCUMENT_FIELDS = (
    "id", "agency_id", "original_name", "reference_number", "stored_name", "sha256", "size", "media_type",
    "classification", "evidence_from", "evidence_to", "sealed_at", "scan_state",
)  # fmt: skip
_DOCUMENTS = """
SELECT agency.code, agency.name_ms, agency.name_en, {columns}
FROM evidence_document candidate
JOIN accounts_agency agency ON agency.id = candidate.agency_id
WHERE EXISTS ({seen}) AND candidate.id IN (SELECT document_id FROM {links} WHERE update_id IN ({updates}))
ORDER BY candidate.received_at DESC, candidate.id DESC
LIMIT %s
"""
_SENT_LINKS = (
    "recommendations_submissiondocument JOIN recommendations_submission sent ON sent.id = submission_id"
)


def documents_of_updates(updates: Sql, *, user: User, most: int) -> list[Document]:
    """Return files of these updates that the person may see, the newest first, with their agencies (one query).

    MAPO sees what was sent, an agency also what it is about to send.
    """
    seen, of_seen = seen_candidate(Document, user, is_personal=True)
    links = _SENT_LINKS if user.is_mapo else "recommendations_citation"
    columns = ", ".join(f"candidate.{name}" for name in _DOCUMENT_FIELDS)
    statement = _DOCUMENTS.format(columns=columns, seen=seen, links=links, updates=updates[0])
    return [_document(row) for row in fetch_rows(statement, (*of_seen, *updates[1], most))]


def _document(row: tuple[Any, ...]) -> Document:
    """Return the document and its agency, of which a row of _DOCUMENTS holds some fields."""
    code, name_ms, name_en, *values = row
    document = Document(**dict(zip(_DOCUMENT_FIELDS, values, strict=True)))
    document.agency = Agency(pk=document.agency_id, code=code, name_ms=name_ms, name_en=name_en)
    return document
