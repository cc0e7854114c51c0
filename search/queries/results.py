"""What the search page shows: tabs with counts, and hits as people read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import Agency, User
from evidence.kinds.catalogue import BY_MEDIA_TYPE
from evidence.states import DocumentState
from recommendations.models import Cycle
from recommendations.models.cycle import in_reading_language, title_of
from recommendations.states import item_label
from search.queries import others, updates
from search.queries.excerpts import Excerpt, Marker
from search.queries.found import MOST, PREVIEW_MOST, Found, Narrowing, Searcher, SearchKind
from search.question import Question
from submissions.states import SubmissionState
from ui.addresses import address_of

#: Rows on a page of one kind, and of each kind on a page of all.
PAGE_SIZE, PREVIEW_SIZE = 20, 3
#: The most characters of an official text around what answers in it.
_ITEM_CHARACTERS = 160
_NOTHING = Excerpt([])
ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One row of the page: what was found, its agency, year and time, and the words around the hit.

    It links to the page `view` of the object `number`, if it has one; `place` is added to the address. `language` is set when the
    text is in the language that the reader did not choose. `item_title` is what lists show of its item.
    """

    icon: str
    title: str
    view: str
    number: int | None
    excerpt: Excerpt
    name: Excerpt | None = None
    item_title: Excerpt | None = None
    agency: Agency | None = None
    at: datetime | None = None
    year: int = 0
    note: str = ""
    language: str = ""
    place: str = ""

    @property
    def url(self) -> str:
        numbers = () if self.number is None else (self.number,)
        return f"{address_of(self.view, *numbers)}{self.place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The hits of one kind on this page, and how many there are in all."""

    kind: str
    label: str
    found: Found
    hits: list[Hit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything on the page: one group for each kind that the person can find."""

    groups: list[Group] = field(default_factory=list)

    def of_kind(self, kind: str) -> Found:
        """Return the count of one kind, or of all together (without rows)."""
        found = [group.found for group in self.groups if kind in (ALL, group.kind)]
        return Found(count=sum(each.count for each in found), has_more=any(each.has_more for each in found))

    @property
    def shown(self) -> list[Group]:
        """The groups with hits."""
        return [group for group in self.groups if group.hits]


@dataclass(frozen=True, slots=True)
class SearchContext:
    """All agencies by primary key, ordered by code, and the year of each cycle: what hits are labelled with."""

    agencies: dict[int, Agency]
    years: dict[int, int]


def read_search_context(cycles: Iterable[Cycle]) -> SearchContext:
    """Read the agencies (one query)."""
    agencies = Agency.objects.order_by("code").in_bulk()
    return SearchContext(agencies, {cycle.pk: cycle.year for cycle in cycles})


@dataclass(frozen=True, slots=True)
class _HitReader:
    """The reader of the page, with what turns rows into hits."""

    user: User
    marker: Marker
    around: SearchContext

    def agency(self, agency_id: int) -> Agency | None:
        return self.around.agencies.get(agency_id)

    def year(self, cycle_id: int) -> int:
        return self.around.years.get(cycle_id, 0)


@dataclass(frozen=True, slots=True)
class _Source:
    """A kind of thing with its label, the columns whose texts may hold hits, and the function that makes a hit."""

    code: str
    label: Callable[[], str]
    kind: SearchKind
    texts: tuple[str, ...]
    hit: Callable[[Any, _HitReader], Hit]


def labels(user: User) -> dict[str, str]:
    """Return the labels of the kinds that this person can find, by code."""
    return {source.code: source.label() for source in _sources(user)}


def read_results(
    question: Question,
    *,
    user: User,
    around: SearchContext,
    narrowing: Narrowing,
    kind: str = ALL,
    page: int = 1,
) -> Results:
    """Search every kind (one query each), and mark the hits of those shown (one query).

    Of one `kind` its page is shown, of all a glimpse of each.
    """
    found, searcher = {}, Searcher(user)
    for source in _sources(user):
        is_chosen = kind == source.code
        found[source.code] = source.kind.find(
            question,
            searcher=searcher,
            narrowing=narrowing,
            start=(page - 1) * PAGE_SIZE if is_chosen else 0,
            size=PAGE_SIZE if is_chosen else PREVIEW_SIZE,
            most=MOST if is_chosen else PREVIEW_MOST,
        )
    shown = [source for source in _sources(user) if kind in (ALL, source.code)]
    reader = _HitReader(user, Marker(question, _texts(shown, found)), around)
    groups = [
        Group(
            kind=source.code,
            label=source.label(),
            found=found[source.code],
            hits=[source.hit(row, reader) for row in found[source.code].rows] if source in shown else [],
        )
        for source in _sources(user)
    ]
    return Results(groups=groups)


def _texts(sources: list[_Source], found: dict[str, Found]) -> list[str]:
    return [
        getattr(row, name) for source in sources for row in found[source.code].rows for name in source.texts
    ]


def _item_hit(row: Any, reader: _HitReader) -> Hit:
    """Return the short title, and what answers of the official text: in the reader's language, or else in the other one."""
    own, other = ("en", "ms") if get_language() == "en" else ("ms", "en")
    title = reader.marker.whole(title_of(row))
    texts = [
        (code, reader.marker.excerpt(getattr(row, f"text_{code}"), most=_ITEM_CHARACTERS))
        for code in (own, other)
    ]
    texts.append((other, reader.marker.whole(getattr(row, f"title_{other}"))))
    language, answer = next(((code, text) for code, text in texts if text.has_hits), (own, _NOTHING))
    is_other = language == other and not title.has_hits
    return Hit(
        icon="list",
        title=item_label(row.kind, row.number),
        item_title=title,
        view="recommendations:item",
        number=row.pk,
        excerpt=answer if is_other or language == own else _NOTHING,
        language=other if is_other else "",
        year=reader.year(row.cycle_id),
    )


def _agency_hit(row: Any, reader: _HitReader) -> Hit:
    """Return a link to who answers for what in the agency."""
    return Hit(
        icon="users",
        title=row.code,
        name=reader.marker.whole(row.code),
        view="recommendations:contacts",
        number=None,
        place=f"?{urlencode({'agency': row.code})}",
        excerpt=reader.marker.excerpt(in_reading_language(row, "name")),
    )


def _item_title(row: Any) -> Excerpt:
    """Return the short title of the item that something is about; empty where the item has none."""
    return Excerpt([in_reading_language(row, "title")])


def _sent_hit(row: Any, reader: _HitReader) -> Hit:
    """Return a link to the update for its agency and MAPO, and to the item, with what was accepted, for others.

    When an update was sent is its agency's and MAPO's alone; others read when it was decided.
    """
    is_own = reader.user.is_agency_actor and reader.user.agency_id == row.agency_id
    opens_update = reader.user.is_mapo or is_own
    return Hit(
        icon="file-text",
        title=item_label(row.item_kind, row.item_number),
        item_title=_item_title(row),
        view="recommendations:update" if opens_update else "recommendations:item",
        number=row.update_id if opens_update else row.item_id,
        excerpt=reader.marker.excerpt(row.excerpt),
        agency=reader.agency(row.agency_id),
        at=row.submitted_at if opens_update else row.decided_at,
        year=reader.year(row.cycle_id),
        note=str(SubmissionState(row.state).label) if opens_update else "",
    )


def _unsent_hit(row: Any, reader: _HitReader) -> Hit:
    return Hit(
        icon="pencil",
        title=item_label(row.item_kind, row.item_number),
        item_title=_item_title(row),
        view="recommendations:update_edit",
        number=row.pk,
        excerpt=reader.marker.excerpt(row.excerpt),
        agency=reader.agency(row.agency_id),
        at=row.saved_at,
        year=reader.year(row.cycle_id),
        note=str(SubmissionState(row.state).label),
    )


def _comment_hit(row: Any, reader: _HitReader) -> Hit:
    return Hit(
        icon="message-square",
        title=item_label(row.item_kind, row.item_number),
        item_title=_item_title(row),
        view="recommendations:comments",
        number=row.assignment_id,
        place=f"?comment={row.pk}",
        excerpt=reader.marker.excerpt(row.excerpt),
        agency=reader.agency(row.agency_id),
        at=row.written_at,
        year=reader.year(row.cycle_id),
        note=row.author_name,
    )


def _document_hit(row: Any, reader: _HitReader) -> Hit:
    kind = BY_MEDIA_TYPE.get(row.media_type)
    facts = [
        kind.label if kind else _("Paper file"),
        str(Clearance(row.classification).label),
        "" if row.state == DocumentState.KEPT else str(DocumentState(row.state).label),
    ]
    name = row.original_name or row.reference_number
    return Hit(
        icon="paperclip",
        title=name,
        name=reader.marker.whole(name),
        view="evidence:detail",
        number=row.pk,
        excerpt=reader.marker.excerpt(row.excerpt),
        agency=reader.agency(row.agency_id),
        at=row.received_at,
        note=" · ".join(fact for fact in facts if fact),
    )


_ITEMS = _Source(
    "items", lambda: _("Items"), others.ITEMS, ("text_ms", "text_en", "title_ms", "title_en"), _item_hit
)
_AGENCIES = _Source(
    "agencies", lambda: _("Agencies"), others.AGENCIES, ("code", "name_ms", "name_en"), _agency_hit
)
_SENT = _Source("updates", lambda: _("Updates"), updates.SENT, ("excerpt",), _sent_hit)
_UNSENT = _Source("drafts", lambda: _("Not sent yet"), updates.UNSENT, ("excerpt",), _unsent_hit)
_COMMENTS = _Source("comments", lambda: _("Comments"), others.COMMENTS, ("excerpt",), _comment_hit)
_DOCUMENTS = _Source(
    "documents",
    lambda: _("Evidence"),
    others.DOCUMENTS,
    ("original_name", "reference_number", "excerpt"),
    _document_hit,
)


def _sources(user: User) -> list[_Source]:
    """Return what a person can find: observers no comments and no files, and only agencies their own drafts."""
    if user.is_mapo:
        return [_ITEMS, _AGENCIES, _SENT, _COMMENTS, _DOCUMENTS]
    return (
        [_ITEMS, _AGENCIES, _SENT, _UNSENT, _COMMENTS, _DOCUMENTS]
        if user.is_agency_actor
        else [_ITEMS, _AGENCIES, _SENT]
    )
