"""Items, agencies, comments and documents."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from accounts.models import Agency
from evidence.models import Document
from evidence.states import DocumentState
from recommendations.models import Assignment, Comment, Item
from recommendations.queries.sql import CANDIDATE, sql_of
from recommendations.states import Stage
from search.queries.found import Matches, Searcher, SearchKind, answering, excerpt_of, knows_its_marks


class FoundItem(NamedTuple):
    """An item that answers; see `Titled` for the texts."""

    pk: int
    total: int
    kind: str
    number: int
    text_ms: str
    text_en: str
    title_ms: str
    title_en: str
    cycle_id: int


def _items(searcher: Searcher, *, question: str, agency_id: int = 0, cycle_id: int = 0) -> Matches:
    """Everybody finds official texts and short titles, and by an agency's code the items that it answers for.

    Narrowed to an agency, those of items that the person sees assigned to it.
    """
    conditions: list[tuple[str, object]] = []
    if cycle_id:
        conditions.append(("item_id IN (SELECT id FROM recommendations_item WHERE cycle_id = %s)", cycle_id))
    texts, values = answering(*_ITEM_WORDS, question, conditions)
    answered = _ANSWERED_BY_AGENCY.format("AND item.cycle_id = %s" if cycle_id else "")
    words = f"SELECT id FROM (({texts}) UNION {answered}) item (id) ORDER BY id DESC"  # noqa: S608 - our own words
    values = (*values, question, *([cycle_id] if cycle_id else []))
    seen = Item.objects.visible_to(searcher.user).filter(pk=CANDIDATE)
    if agency_id:
        part = Assignment.objects.visible_to(searcher.user).filter(item=OuterRef("pk"), agency_id=agency_id)
        seen = seen.filter(Exists(part))
    return Matches((words, values), [sql_of(seen)], knows_its_marks(*_ITEM_WORDS))


_ITEM_WORDS = ("search_itemwords", "item_id")

#: Items that the agency with this code answers for. Which agencies are confirmed, everybody may know.
_ANSWERED_BY_AGENCY = f"""
    SELECT assignment.item_id FROM recommendations_assignment assignment
    JOIN accounts_agency agency ON agency.id = assignment.agency_id
    JOIN recommendations_item item ON item.id = assignment.item_id
    WHERE upper(agency.code) = upper(%s) AND assignment.stage = '{Stage.CONFIRMED.value}' {{}}"""  # noqa: S608


ITEMS = SearchKind(
    FoundItem,
    reach=_items,
    columns="item.kind, item.number, item.text_ms, item.text_en, item.title_ms, item.title_en, item.cycle_id",
    tables="JOIN recommendations_item item ON item.id = found.id",
)


class FoundAgency(NamedTuple):
    """An active agency whose code or name answers."""

    pk: int
    total: int
    code: str
    name_ms: str
    name_en: str


def _agencies(searcher: Searcher, *, question: str, agency_id: int = 0, cycle_id: int = 0) -> Matches:
    """Everybody finds the active agencies, whatever the cycle. There are few, so their words are made on the way."""
    narrowed = ("AND id = %s", (agency_id,)) if agency_id else ("", ())
    seen = Agency.objects.active().filter(pk=CANDIDATE)
    return Matches((_AGENCY_WORDS.format(narrowed[0]), (question, *narrowed[1])), [sql_of(seen)])


_AGENCY_WORDS = """
    SELECT id FROM accounts_agency
    WHERE jejak_words(concat_ws(' ', code, name_ms, name_en)) @@ jejak_query(%s) {} ORDER BY id DESC"""

AGENCIES = SearchKind(
    FoundAgency,
    reach=_agencies,
    columns="agency.code, agency.name_ms, agency.name_en",
    tables="JOIN accounts_agency agency ON agency.id = found.id",
)


class FoundComment(NamedTuple):
    """A comment that answers, and on which assignment it was made."""

    pk: int
    total: int
    excerpt: str
    written_at: datetime
    author_name: str
    assignment_id: int
    agency_id: int
    item_id: int
    item_kind: str
    item_number: int
    cycle_id: int
    title_ms: str
    title_en: str


def _comments(searcher: Searcher, *, question: str, agency_id: int = 0, cycle_id: int = 0) -> Matches:
    """Only MAPO and the agency of the assignment find comments."""
    conditions: list[tuple[str, object]] = []
    if agency_id:
        conditions.append((_COMMENTS_WHERE.format("assignment.agency_id = %s"), agency_id))
    if cycle_id:
        conditions.append((_COMMENTS_WHERE.format("item.cycle_id = %s"), cycle_id))
    seen = Comment.objects.visible_to(searcher.user).filter(pk=CANDIDATE)
    words = answering(*_COMMENT_WORDS, question, conditions)
    return Matches(words, [sql_of(seen)], knows_its_marks(*_COMMENT_WORDS))


_COMMENT_WORDS = ("search_commentwords", "comment_id")

#: Narrows the words of comments by a condition on their assignment or its item.
_COMMENTS_WHERE = """EXISTS (
    SELECT FROM recommendations_comment comment
    JOIN recommendations_assignment assignment ON assignment.id = comment.assignment_id
    JOIN recommendations_item item ON item.id = assignment.item_id
    WHERE comment.id = search_commentwords.comment_id AND {})"""

COMMENTS = SearchKind(
    FoundComment,
    reach=_comments,
    columns=f"""{excerpt_of("comment.text")}, comment.written_at, author.name,
        comment.assignment_id, assignment.agency_id, assignment.item_id, item.kind, item.number, item.cycle_id,
        item.title_ms, item.title_en""",
    tables="""
        JOIN recommendations_comment comment ON comment.id = found.id
        JOIN accounts_user author ON author.id = comment.author_id
        JOIN recommendations_assignment assignment ON assignment.id = comment.assignment_id
        JOIN recommendations_item item ON item.id = assignment.item_id""",
)


class FoundDocument(NamedTuple):
    """A document that answers; without an excerpt where its text may not be read any more."""

    pk: int
    total: int
    original_name: str
    reference_number: str
    excerpt: str
    received_at: datetime
    state: str
    media_type: str
    classification: int
    agency_id: int


#: Whether the text inside a file seems to identify somebody, and the reader is neither of its agency nor cleared.
_IS_HIDDEN = """(NOT $READER_SEES_ALL AND document.agency_id IS DISTINCT FROM $READER_AGENCY
             AND coalesce(inside.identities, '{}'::jsonb) <> '{}'::jsonb)"""


def _documents(searcher: Searcher, *, question: str, agency_id: int = 0, cycle_id: int = 0) -> Matches:
    """Match files and paper files by name, and by the text inside where it can still be read; no sealed ones."""
    conditions: list[tuple[str, object]] = []
    if searcher.user.is_agency_actor:
        conditions.append(("agency_id = %s", searcher.user.agency_id))
    if agency_id:
        conditions.append(("agency_id = %s", agency_id))
    if cycle_id:
        conditions.append((_CITED_IN_CYCLE, cycle_id))
    seen = Document.objects.visible_to(searcher.user).filter(pk=CANDIDATE, sealed_at__isnull=True)
    words = answering(*_DOCUMENT_WORDS, question, conditions)
    return Matches(words, [sql_of(seen)], knows_its_marks(*_DOCUMENT_WORDS))


_DOCUMENT_WORDS = ("search_documentwords", "document_id")

_CITED_IN_CYCLE = """EXISTS (
    SELECT FROM recommendations_citation citation
    JOIN recommendations_update update ON update.id = citation.update_id
    JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id
    JOIN recommendations_item item ON item.id = assignment.item_id
    WHERE citation.document_id = search_documentwords.document_id AND item.cycle_id = %s)"""

DOCUMENTS = SearchKind(
    FoundDocument,
    reach=_documents,
    columns=f"""document.original_name, document.reference_number,
        CASE WHEN document.state = '{DocumentState.KEPT.value}' OR document.frozen_at IS NOT NULL
             THEN CASE WHEN {_IS_HIDDEN} THEN '' ELSE {excerpt_of("inside.text")} END ELSE '' END,
        document.received_at, document.state, document.media_type, document.classification, document.agency_id""",
    tables="""
        JOIN evidence_document document ON document.id = found.id
        LEFT JOIN evidence_documenttext inside ON inside.document_id = document.id""",
)
