"""Items, comments and documents."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, TextField, Value, When

from accounts.models import User
from evidence.models import Document
from evidence.states import DocumentState
from recommendations.models import Assignment, Citation, Comment, Item
from search.models import CommentWords, DocumentWords, ItemWords
from search.queries.found import CANDIDATE, Kind, Reach, around


def _items(user: User, *, question: str, agency_id: int = 0, cycle_id: int = 0) -> Reach:
    """Official texts are everybody's; narrowed to an agency, those that it is seen to answer for."""
    words = ItemWords.objects.filter(words__answers=question)
    if cycle_id:
        words = words.filter(item__cycle_id=cycle_id)
    if agency_id:
        answering = Assignment.objects.visible_to(user).filter(item=OuterRef("item_id"), agency_id=agency_id)
        words = words.filter(Exists(answering))
    return Reach(words, [Item.objects.visible_to(user).filter(pk=CANDIDATE)])


def _show_items(rows: QuerySet[Any], *, needles: str) -> QuerySet[Any, Any]:
    return rows.values_list("pk", "total", "kind", "number", "text_ms", "text_en", "cycle_id", named=True)


ITEMS = Kind(Item, reach=_items, show=_show_items)


def _comments(user: User, *, question: str, agency_id: int = 0, cycle_id: int = 0) -> Reach:
    """What MAPO and an agency said to each other: those two alone."""
    words = CommentWords.objects.filter(words__answers=question)
    if agency_id:
        words = words.filter(comment__assignment__agency_id=agency_id)
    if cycle_id:
        words = words.filter(comment__assignment__item__cycle_id=cycle_id)
    return Reach(words, [Comment.objects.visible_to(user).filter(pk=CANDIDATE)])


def _show_comments(rows: QuerySet[Comment], *, needles: str) -> QuerySet[Any, Any]:
    return rows.annotate(excerpt=around("text", needles)).values_list(
        "pk", "total", "excerpt", "written_at", "author__name", "assignment_id", "assignment__agency_id",
        "assignment__item_id", "assignment__item__kind", "assignment__item__number", "assignment__item__cycle_id", named=True,
    )  # fmt: skip


COMMENTS = Kind(Comment, reach=_comments, show=_show_comments)


def _documents(user: User, *, question: str, agency_id: int = 0, cycle_id: int = 0) -> Reach:
    """Files and paper files by name, and by the text inside where the file can still be read; none that is sealed."""
    words = DocumentWords.objects.filter(words__answers=question)
    if user.is_agency_actor:
        words = words.filter(agency_id=user.agency_id)
    if agency_id:
        words = words.filter(agency_id=agency_id)
    if cycle_id:
        cited = Citation.objects.filter(
            document=OuterRef("document_id"), update__assignment__item__cycle_id=cycle_id
        )
        words = words.filter(Exists(cited))
    return Reach(words, [Document.objects.visible_to(user).filter(pk=CANDIDATE, sealed_at__isnull=True)])


def _show_documents(rows: QuerySet[Document], *, needles: str) -> QuerySet[Any, Any]:
    is_readable = Q(state=DocumentState.KEPT) | Q(frozen_at__isnull=False)
    excerpt = Case(
        When(is_readable, then=around("text__text", needles)), default=Value(""), output_field=TextField()
    )
    return rows.annotate(excerpt=excerpt).values_list(
        "pk", "total", "original_name", "reference_number", "excerpt", "received_at", "state", "media_type",
        "classification", "agency_id", named=True,
    )  # fmt: skip


DOCUMENTS = Kind(Document, reach=_documents, show=_show_documents)
