"""What a selection will hold, for the screen: the rows of the papers themselves, the first ones of the long parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import User
from overview.queries.status_counts import count_words
from recommendations.models import Cycle
from recommendations.models.cycle import in_reading_language
from recommendations.states import Status
from recommendations.status_icons import ICONS
from reports.states import WITH_DOCUMENTS, WITH_UPDATES, Depth, Language
from reports.summary.content import SummaryContent, database_snapshot
from reports.summary.row_stream import count_documents, count_updates, stream_documents, stream_updates
from reports.summary.rows import KindTotals, ReportedDocument, ReportedItem, ReportedUpdate, accepted_text
from reports.summary.selection import Selection, item_words
from reports.writers.wording.lateness_scope import scope_sentence
from ui import dates
from ui.numbers import number

#: So many rows of what was accepted, and of the evidence, stand in the preview.
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One item; `lang` is the language of its text."""

    label: str
    url: str
    text: str
    lang: str
    lead_code: str
    lead_name: str
    icon: str
    status_label: str
    percent: int


@dataclass(frozen=True, slots=True)
class AcceptedLine:
    """One accepted update, as a full summary tells it."""

    item: str
    code: str
    name: str
    decided: str
    icon: str
    status_label: str
    percent: int
    text: str
    is_quoted: bool
    documents: str


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One document; the name of a sealed one is not told."""

    number: int
    item: str
    code: str
    name: str
    class_label: str


@dataclass(frozen=True, slots=True)
class Count:
    """The items of one kind: how many there are in each state, and what stands out among their agencies' parts."""

    label: str
    items: int
    states: list[tuple[str, str, int]]
    waiting: int
    late: int
    returned: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What the screen shows of a selection, and what it says of its size; `has_*`: its depth holds such rows."""

    lines: list[Line]
    counts: list[Count]
    sees_marks: bool
    #: That what stands out is told of one agency alone; empty where it is told of all.
    told_of: str
    has_accepted: bool
    accepted: list[AcceptedLine]
    accepted_count: int
    has_evidence: bool
    evidence: list[EvidenceLine]
    evidence_count: int

    @property
    def rows_count(self) -> int:
        """The number of rows that a paper of this selection states."""
        return len(self.lines) + self.accepted_count + self.evidence_count

    @property
    def words(self) -> str:
        """15 recommendations and 6 weaknesses, 48 rows."""
        kinds = [f"{number(count.items)} {count.label}" for count in self.counts]
        items = (
            kinds[0]
            if len(kinds) == 1
            else _("%(first)s and %(second)s") % dict(zip(("first", "second"), kinds, strict=True))
        )
        rows = ngettext("%(count)s row", "%(count)s rows", self.rows_count)
        return f"{items} · {rows % {'count': number(self.rows_count)}}"

    @property
    def more_accepted(self) -> str:
        return _more(len(self.accepted), self.accepted_count)

    @property
    def more_evidence(self) -> str:
        return _more(len(self.evidence), self.evidence_count)


def read_preview(selection: Selection, *, cycle: Cycle, reader: User) -> Preview:
    """Read what a selection will hold for a reader. Raises `EmptySelection` where there is nothing to tell."""
    with database_snapshot():
        content = SummaryContent(selection, cycle=cycle, reader=reader)
        has_updates, has_documents = selection.depth in WITH_UPDATES, _has_documents(content)
        return Preview(
            lines=list(_lines(content)),
            counts=[_count(totals) for totals in content.totals],
            sees_marks=content.sees_marks,
            told_of=scope_sentence(content),
            has_accepted=has_updates,
            has_evidence=has_documents,
            accepted=[_accepted(row, content) for row in stream_updates(content, most=SHOWN)]
            if has_updates
            else [],
            accepted_count=count_updates(content) if has_updates else 0,
            evidence=[_evidence(row) for row in stream_documents(content, most=SHOWN)]
            if has_documents
            else [],
            evidence_count=count_documents(content) if has_documents else 0,
        )


def _has_documents(content: SummaryContent) -> bool:
    """A full summary for who sees no documents has no list of them; who asks for the list alone learns why it is empty."""
    depth = content.selection.depth
    return depth in WITH_DOCUMENTS and (content.sees_marks or depth == Depth.EVIDENCE)


def _lines(content: SummaryContent) -> Iterator[Line]:
    language = content.selection.language
    lang = get_language() if language == Language.BOTH else str(language)
    ids = {key: item_id for item_id, key in content.item_keys.items()}
    for item in content.items:
        url = reverse("recommendations:item", args=[ids[item.key]])
        yield _line(item, url=url, lang="en" if lang == "en" else "ms")


def _line(item: ReportedItem, *, url: str, lang: str) -> Line:
    lead = item.lead
    return Line(
        label=item.label,
        url=url,
        text=item.text_en if lang == "en" else item.text_ms,
        lang=lang,
        lead_code=lead.code if lead else "",
        lead_name=in_reading_language(lead, "name") if lead else "",
        icon=ICONS[item.status],
        status_label=str(Status(item.status).label),
        percent=item.percent,
    )


def _count(totals: KindTotals) -> Count:
    return Count(
        label=count_words(totals.kind, totals.items),
        items=totals.items,
        states=[(ICONS[status], str(status.label), totals.of(status)) for status in Status],
        waiting=totals.waiting,
        late=totals.late,
        returned=totals.returned,
    )


def _accepted(row: ReportedUpdate, content: SummaryContent) -> AcceptedLine:
    numbers = ", ".join(map(str, row.documents))
    words = ngettext("Document %(numbers)s", "Documents %(numbers)s", len(row.documents) or 1)
    return AcceptedLine(
        item=item_words(row.item),
        code=row.code,
        name=in_reading_language(content.names[row.code], "name"),
        decided=dates.short_day(row.decided_at),
        icon=ICONS[row.status],
        status_label=str(Status(row.status).label),
        percent=row.percent,
        text=accepted_text(row, get_language() or "ms"),
        is_quoted=bool(row.narrative),
        documents=words % {"numbers": numbers} if numbers else "",
    )


def _evidence(row: ReportedDocument) -> EvidenceLine:
    return EvidenceLine(
        number=row.number,
        item=item_words(row.item),
        code=row.code,
        name=row.name or row.reference_number or _("Sealed"),
        class_label=str(Clearance(row.classification).label),
    )


def _more(shown: int, total: int) -> str:
    """The first 5 of 27; nothing where all are shown."""
    return (
        _("The first %(shown)s of %(total)s") % {"shown": shown, "total": number(total)}
        if shown < total
        else ""
    )
