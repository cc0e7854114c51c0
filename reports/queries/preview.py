"""The preview of a selection: the rows of the report itself, of its long parts the first ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import User
from audit.snapshot import database_snapshot
from overview.queries.status_counts import count_words
from recommendations.models import Cycle
from recommendations.models.cycle import in_reading_language
from recommendations.states import STATUS_ICONS, Status
from reports.languages import item_words
from reports.states import WITH_DOCUMENTS, WITH_UPDATES, Depth, SummaryLanguage
from reports.summary.content import SummaryContent
from reports.summary.hiding import reading_within
from reports.summary.row_stream import count_documents, count_updates, stream_documents, stream_updates
from reports.summary.rows import KindTotals, ReportedDocument, ReportedUpdate, accepted_text
from reports.summary.selection import Selection
from reports.writers.figure_columns import ACHIEVEMENT, CHECK, FIGURE, INDICATOR, LINK, TARGET
from reports.writers.wording.labels import scope_sentence
from reports.writers.wording.steps import step_words
from ui import dates
from ui.numbers import number

#: So many rows of what was accepted, and of the evidence, stand in the preview.
SHOWN = 5


#: One row as its template reads it.
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PreviewPart:
    """The first rows of a long part, and how many rows it has in all."""

    rows: list[Row]
    total: int

    @property
    def more(self) -> str:
        """Return "The first 5 of 27"; empty where all are shown."""
        if len(self.rows) == self.total:
            return ""
        return _("The first %(shown)s of %(total)s") % {"shown": len(self.rows), "total": number(self.total)}


@dataclass(frozen=True, slots=True)
class RegisterCounts:
    """How much a summary holds of figures, achievements and links: label and number of each kind that it has."""

    lines: list[tuple[str, str]]
    total: int
    #: Whether they are the newest figure of each indicator alone.
    is_key_figures: bool


@dataclass(frozen=True, slots=True)
class SelectionPreview:
    """What the screen shows of a selection, and its size; a part is None where its depth holds no such rows."""

    lines: list[Row]
    counts: list[Row]
    sees_marks: bool
    #: Which agency alone the lateness figures cover; empty where they cover all.
    lateness_scope: str
    accepted: PreviewPart | None
    evidence: PreviewPart | None
    steps: PreviewPart
    register: RegisterCounts

    @property
    def rows_count(self) -> int:
        """The number of rows that a report of this selection states."""
        parts = (self.accepted, self.evidence, self.steps)
        return len(self.lines) + self.register.total + sum(part.total for part in parts if part)

    @property
    def words(self) -> str:
        """For example "15 recommendations and 6 weaknesses · 48 rows"."""
        kinds = [f"{number(count['items'])} {count['label']}" for count in self.counts]
        items = (
            kinds[0]
            if len(kinds) == 1
            else _("%(first)s and %(second)s") % dict(zip(("first", "second"), kinds, strict=True))
        )
        rows = ngettext("%(count)s row", "%(count)s rows", self.rows_count)
        return f"{items} · {rows % {'count': number(self.rows_count)}}"


def read_preview(selection: Selection, *, cycle: Cycle, reader: User) -> SelectionPreview:
    """Return what a selection will hold for a reader. Raises `EmptySelection` where no item fits."""
    with database_snapshot(), reading_within(reader, selection.ceiling):
        content = SummaryContent(selection, cycle=cycle, reader=reader)
        return SelectionPreview(
            lines=list(_item_rows(content)),
            counts=[_kind_row(totals) for totals in content.totals],
            sees_marks=content.sees_marks,
            lateness_scope=scope_sentence(content),
            accepted=_accepted(content) if selection.depth in WITH_UPDATES else None,
            evidence=_evidence(content) if selection.depth in WITH_DOCUMENTS else None,
            steps=_steps(content),
            register=_register(content),
        )


def _accepted(content: SummaryContent) -> PreviewPart:
    rows = [_update_row(row, content) for row in stream_updates(content, most=SHOWN)]
    return PreviewPart(rows, count_updates(content))


def _evidence(content: SummaryContent) -> PreviewPart | None:
    """Return the documents; None in a full summary for a reader who sees none."""
    if not content.sees_marks and content.selection.depth != Depth.EVIDENCE:
        return None
    rows = [_document_row(row, content) for row in stream_documents(content, most=SHOWN)]
    return PreviewPart(rows, count_documents(content))


def _steps(content: SummaryContent) -> PreviewPart:
    """Return the planned steps; none where the depth or the reader has none."""
    rows = [
        {"item": item_words(step.item), "text": step.text, "words": step_words(step)}
        for step in content.steps[:SHOWN]
    ]
    return PreviewPart(rows, len(content.steps))


def _register(content: SummaryContent) -> RegisterCounts:
    """Return how many figures there are, and what goes with them, without reading the figures."""
    counts = content.figures.count()
    kinds = [
        (FIGURE, counts.figures),
        (INDICATOR, counts.indicators),
        (CHECK, counts.checks),
        (TARGET, counts.targets),
        (ACHIEVEMENT, len(content.achievements)),
        (LINK, len(content.links)),
    ]
    return RegisterCounts(
        lines=[(str(record.title), number(count)) for record, count in kinds if count],
        total=sum(count for _record, count in kinds),
        is_key_figures=not content.figures.is_whole,
    )


def _item_rows(content: SummaryContent) -> Iterator[Row]:
    """Yield a row for each item; `lang` is the language of its title."""
    language = content.selection.language
    lang = "en" if (get_language() if language == SummaryLanguage.BOTH else language) == "en" else "ms"
    with override(lang):
        titles = [item.title for item in content.items]
    for item, title in zip(content.items, titles, strict=True):
        yield {
            "label": item.label,
            "url": reverse("recommendations:item", args=[item.item_id]),
            "title": title,
            "lang": lang,
            "lead_code": item.lead.code if item.lead else "",
            "lead_name": in_reading_language(item.lead, "name") if item.lead else "",
            "icon": STATUS_ICONS[item.status],
            "status_label": str(Status(item.status).label),
            "percent": item.percent,
            "state": item.state,
        }


def _kind_row(totals: KindTotals) -> Row:
    """Return how many items of a kind have each status, and how many of their assignments stand out."""
    return {
        "label": count_words(totals.kind, totals.items),
        "items": totals.items,
        "states": [(STATUS_ICONS[status], str(status.label), totals.of(status)) for status in Status],
        "waiting": totals.waiting,
        "late": totals.late,
        "returned": totals.returned,
    }


def _update_row(update: ReportedUpdate, content: SummaryContent) -> Row:
    """Return an accepted update as a full summary shows it."""
    numbers = ", ".join(map(str, update.documents))
    words = ngettext("Document %(numbers)s", "Documents %(numbers)s", len(update.documents) or 1)
    return {
        "item": item_words(update.item),
        "item_title": _title_of(update.item, content),
        "code": update.code,
        "name": in_reading_language(content.names[update.code], "name"),
        "decided": dates.short_day(update.decided_at),
        "icon": STATUS_ICONS[update.status],
        "status_label": str(Status(update.status).label),
        "percent": update.percent,
        "text": accepted_text(update, get_language() or "ms"),
        "is_quoted": bool(update.narrative),
        "documents": words % {"numbers": numbers} if numbers else "",
    }


def _title_of(key: str, content: SummaryContent) -> str:
    return next((item.title for item in content.items if item.key == key), "")


def _document_row(document: ReportedDocument, content: SummaryContent) -> Row:
    """Return a document; the name of a sealed one is not shown."""
    return {
        "number": document.number,
        "item": item_words(document.item),
        "item_title": _title_of(document.item, content),
        "code": document.code,
        "name": document.name or document.reference_number or _("Sealed"),
        "class_label": str(Clearance(document.classification).label),
    }
