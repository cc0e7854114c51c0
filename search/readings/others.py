"""Items, comments and documents."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, TextField, Value, When

from accounts.models import User
from evidence.models import Document
from evidence.states import DocumentState
from recommendations.models import Assignment, Citation, Comment, Item
from search.models import CommentWords, DocumentWords, ItemWords
from search.readings.found import Kind, around


def _items(user: User, *, question: str, agency_id: int = 0, cycle_id: int = 0) -> list[QuerySet[ItemWords]]:
    """Official texts are everybody's; narrowed to an agency, those that it is seen to answer for."""
    words = ItemWords.objects.filter(words__answers=question, item__in=Item.objects.visible_to(user))
    if agency_id:
        answering = Assignment.objects.visible_to(user).filter(item=OuterRef("item_id"), agency_id=agency_id)
        words = words.filter(Exists(answering))
    return [words.filter(item__cycle_id=cycle_id) if cycle_id else words]


def _show_items(rows: QuerySet[Item], *, user: User, needles: str) -> QuerySet[Any, Any]:
    return rows.values_list("pk", "total", "kind", "number", "text_ms", "text_en", "cycle__year")


ITEMS = Kind(Item, parts=_items, show=_show_items)


def _comments(
    user: User, *, question: str, agency_id: int = 0, cycle_id: int = 0
) -> list[QuerySet[CommentWords]]:
    """What MAPO and an agency said to each other: those two alone."""
    seen = Comment.objects.visible_to(user)
    if agency_id:
        seen = seen.filter(assignment__agency_id=agency_id)
    if cycle_id:
        seen = seen.filter(assignment__item__cycle_id=cycle_id)
    return [CommentWords.objects.filter(words__answers=question, comment__in=seen)]


def _show_comments(rows: QuerySet[Comment], *, user: User, needles: str) -> QuerySet[Any, Any]:
    return rows.annotate(excerpt=around("text", needles)).values_list(
        "pk", "total", "excerpt", "written_at", "author__name", "assignment_id",
        "assignment__agency__code", "assignment__agency__name_ms", "assignment__agency__name_en",
        "assignment__item_id", "assignment__item__kind", "assignment__item__number",
        "assignment__item__cycle__year",
    )  # fmt: skip


COMMENTS = Kind(Comment, parts=_comments, show=_show_comments)


def _documents(
    user: User, *, question: str, agency_id: int = 0, cycle_id: int = 0
) -> list[QuerySet[DocumentWords]]:
    """Files and paper files by name, and by the text inside where the file can still be read; none that is sealed."""
    seen = Document.objects.visible_to(user).filter(sealed_at__isnull=True)
    if agency_id:
        seen = seen.filter(agency_id=agency_id)
    if cycle_id:
        cited = Citation.objects.filter(document=OuterRef("pk"), update__assignment__item__cycle_id=cycle_id)
        seen = seen.filter(Exists(cited))
    return [DocumentWords.objects.filter(words__answers=question, document__in=seen)]


def _show_documents(rows: QuerySet[Document], *, user: User, needles: str) -> QuerySet[Any, Any]:
    is_readable = Q(state=DocumentState.KEPT) | Q(frozen_at__isnull=False)
    excerpt = Case(
        When(is_readable, then=around("words__text", needles)), default=Value(""), output_field=TextField()
    )
    return rows.annotate(excerpt=excerpt).values_list(
        "pk", "total", "original_name", "reference_number", "excerpt", "received_at", "state", "media_type",
        "classification", "agency__code", "agency__name_ms", "agency__name_en",
    )  # fmt: skip


DOCUMENTS = Kind(Document, parts=_documents, show=_show_documents)
