"""The overview of a Word summary: cover, totals, pillars, one line per item, what stands out, how to read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings

from recommendations.models.cycle import in_reading_language, title_of
from recommendations.states import Status
from reports.languages import Wording
from reports.states import Depth
from reports.writers.docx.document import Cell, DocumentBuilder, DocxColumn, labelled_columns
from reports.writers.docx.text import DocxText, DocxTranslator, plain
from reports.writers.wording import sentences
from reports.writers.wording.by_agency import by_agency, items_with_days
from reports.writers.wording.labels import ALL_ATTENTION, LATE, RETURNED, TITLE, WAITING, scoped
from reports.writers.wording.reading_guide import reading_guide
from ui import dates
from ui.numbers import number, percent

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.limits import SummaryRows
    from reports.summary.rows import KindTotals, ReportedItem
    from reports.summary.statement import Statement
    from reports.writers.council.printed import PaperPages
    from reports.writers.wording.by_agency import AgencyCases

STATUS_STYLES = {Status.NONE: "StatusNone", Status.PROGRESS: "StatusProgress", Status.DONE: "StatusDone"}
_STATUSES = (Status.NONE, Status.PROGRESS, Status.DONE)


#: On one page: how wide, in mm, the column with "Recommendation 15" is, and that with the code or the head "Peneraju".
_GLANCE_WIDTHS = {"ms": (21, 15), "en": (28, 14)}


def status_text(translate: DocxTranslator, status: str) -> DocxText:
    """Return "In progress", in its colour."""
    return translate(Status(status).label, style=STATUS_STYLES[Status(status)])


def verdict_text(translate: DocxTranslator, status: str, share: int) -> DocxText:
    """Return "In progress, 40%", in its colour."""
    return translate(sentences.verdict_words, status, share, style=STATUS_STYLES[Status(status)])


def item_bookmark(item: ReportedItem) -> str:
    """Return the name of the bookmark at an item's page."""
    return f"item_{item.kind}_{item.number}"


def write_frame(
    builder: DocumentBuilder | PaperPages, statement: Statement, running: Wording, content: SummaryContent
) -> None:
    """Write head and foot of each page; `running` says what the document is."""
    builder.frame(
        banner=builder.translate(statement.classification.label),
        running=builder.translate(running, content),
        page=builder.translate(_page),
    )


def _page() -> str:
    """Return "Page 1 of 12" with fields for the numbers; a demonstration adds that its data are samples."""
    page = sentences.page_numbers("{PAGE}", "{NUMPAGES}")
    return f"{sentences.sample_data()} · {page}" if settings.DEMO else page


def write_cover(builder: DocumentBuilder, rows: SummaryRows) -> None:
    """Write the title, the statement, and where the day lies in the assessment window."""
    translate, content = builder.translate, rows.content
    builder.paragraph(translate(TITLE), style="Title")
    is_dense = content.selection.depth == Depth.GLANCE
    style = "DenseNote" if is_dense else "Subtitle"
    builder.paragraph(translate(sentences.subtitle, content), style=style, between="\n")
    stated = statement_texts(rows.statement, translate)
    builder.facts(stated, caption=translate.label("statement"), is_dense=is_dense)
    builder.sentence(translate(sentences.clock_words, content), style="DenseNote" if is_dense else "")


def statement_texts(statement: Statement, translate: DocxTranslator) -> Iterator[tuple[DocxText, DocxText]]:
    """Yield label and value of each line of the statement."""
    for labels, values in statement.lines_in(translate.languages):
        style = "Code" if statement.is_code(values[0]) else ""
        yield translate.merged(labels), translate.merged(values, style)


def write_totals(builder: DocumentBuilder, content: SummaryContent) -> None:
    """Write how many items have which status."""
    translate = builder.translate
    is_dense = content.selection.depth == Depth.GLANCE
    style = "TableDense" if is_dense else "TableText"
    if is_dense:
        builder.heading(translate.label("overall"), level=3, style="DenseHeading")
    else:
        builder.heading(translate.label("overall"))
    builder.table(
        [replace(column, style=style) for column in _totals_columns(translate, content)],
        [_totals_row(translate, content, totals) for totals in content.totals],
        caption=translate.label("count_by_status"),
    )


def _totals_columns(translate: DocxTranslator, content: SummaryContent) -> Iterator[DocxColumn]:
    yield DocxColumn(34 if content.sees_marks else 74, translate.label("items"))
    for status in _STATUSES:
        yield DocxColumn(25 if content.sees_marks else 32, status_text(translate, status), is_figure=True)
    if content.sees_marks:
        yield DocxColumn(24, translate(scoped, content, WAITING), is_figure=True)
        yield DocxColumn(14, translate(scoped, content, LATE), is_figure=True)
        yield DocxColumn(23, translate(scoped, content, RETURNED), is_figure=True)


def _totals_row(translate: DocxTranslator, content: SummaryContent, totals: KindTotals) -> list[Cell]:
    figures = [totals.none, totals.progress, totals.done]
    if content.sees_marks:
        figures += [totals.waiting, totals.late, totals.returned]
    label = translate(sentences.counted_items, totals, style="Strong")
    return [label, *(plain(number(figure)) for figure in figures)]


def write_pillars(builder: DocumentBuilder, content: SummaryContent) -> None:
    """Write how many items of each pillar have which status."""
    builder.heading(builder.translate.label("by_pillar"), level=3)
    write_pillar_table(builder, builder.translate, content, _STATUSES, widths=(52, 33, 19))


def write_pillar_table(
    builder: DocumentBuilder | PaperPages,
    translate: DocxTranslator,
    content: SummaryContent,
    statuses: tuple[Status, ...],
    *,
    widths: tuple[int, int, int],
) -> None:
    """Write a table of pillars by status, in this order; `widths` in mm: pillar, each status, total."""
    columns = [
        DocxColumn(widths[0], translate.label("pillar")),
        *(DocxColumn(widths[1], status_text(translate, status), is_figure=True) for status in statuses),
        DocxColumn(widths[2], translate.label("total"), is_figure=True),
    ]
    rows: list[list[Cell]] = [
        [
            translate(sentences.pillar_words, pillar, style="Strong"),
            *(plain(number(figure)) for figure in [*counts, total]),
        ]
        for pillar, counts, total in sentences.pillar_counts(content, statuses)
    ]
    builder.table(columns, rows, caption=translate.label("count_by_pillar"))


def write_lines(builder: DocumentBuilder, content: SummaryContent, *, has_pages: bool) -> None:
    """Write one line per item, a table for each kind; with `has_pages` the number links to the item's page."""
    translate = builder.translate
    for totals in content.totals:
        heading = translate(sentences.counted_items, totals)
        builder.heading(heading)
        builder.table(
            _line_columns(translate),
            [
                _line(translate, item, has_pages=has_pages)
                for item in content.items
                if item.kind == totals.kind
            ],
            caption=heading,
        )


def _line_columns(translate: DocxTranslator) -> list[DocxColumn]:
    if len(translate.languages) == 1:
        return labelled_columns(translate, number=8, item=68, lead=21, status=37, percent=13, accepted=23)
    texts = [
        DocxColumn(42, DocxText((("ms", "Bahasa Melayu"),))),
        DocxColumn(42, DocxText((("en", "English"),))),
    ]
    number, *others = labelled_columns(translate, number=8, lead=18, status=24, percent=13, accepted=23)
    return [number, *texts, *others]


def _line(translate: DocxTranslator, item: ReportedItem, *, has_pages: bool) -> list[Cell]:
    number = plain(str(item.number))
    titles = translate.of_columns(title_of(item, "ms"), title_of(item, "en"))
    lead = plain(item.lead.code, "Strong") if item.lead else translate.label("nobody")
    return [
        replace(number, style="Hyperlink", link=item_bookmark(item)) if has_pages else number,
        *(DocxText((phrase,)) for phrase in titles.phrases),
        [lead, *translate.each(sentences.suggested_leads, item)],
        [status_text(translate, item.status), *translate.each(sentences.state_notes, item)],
        plain(percent(item.percent)),
        plain("–") if item.state.override else translate(sentences.day_or_none, item.decided_on),
    ]


def write_glance(builder: DocumentBuilder, content: SummaryContent) -> None:
    """Write all items on one page: a line each in the first language, which the counts above say in both."""
    translate = builder.translate
    item, lead = _GLANCE_WIDTHS[builder.language]
    widths = {
        "item": item,
        "title": 115 - item - lead,
        "lead": lead,
        "status": 24,
        "percent": 11,
        "accepted": 20,
    }
    columns = labelled_columns(translate, **widths)
    rows = [_glance_line(translate, item) for item in content.items]
    builder.table([column.dense() for column in columns], rows, caption=translate.label("all_items"))
    write_overrides(builder, content, most=sentences.GLANCE_REASON)


def _set_by_mapo(translate: DocxTranslator, item: ReportedItem) -> Iterator[DocxText]:
    """Yield the mark of a state that MAPO has set itself."""
    if item.state.override:
        override = item.state.override
        yield translate(lambda: override.mark)


def _glance_line(translate: DocxTranslator, item: ReportedItem) -> list[Cell]:
    # In the first language: in two, the page would not hold all lines.
    return [
        _first(translate(sentences.item_name, item)),
        # The mark below the title, where it takes one line.
        [_first(translate(sentences.item_title, item)), *_set_by_mapo(translate, item)],
        plain(item.lead.code, "Strong") if item.lead else plain("–"),
        _first(status_text(translate, item.status)),
        plain(percent(item.percent)),
        plain("–") if item.state.override else _first(translate(sentences.day_or_none, item.decided_on)),
    ]


def _first(text: DocxText) -> DocxText:
    """Return a text in its first language alone."""
    return replace(text, phrases=text.phrases[:1])


def write_overrides(builder: DocumentBuilder, content: SummaryContent, *, most: int | None = None) -> None:
    """Write each state that MAPO has set itself: who, when, what the verdicts alone give, and the reason.

    With `most`, each is one paragraph with so many characters of the reason.
    """
    items = sentences.set_by_mapo(content)
    if not items:
        return
    translate = builder.translate
    style = "Heading3" if most is None else "DenseHeading"
    builder.heading(translate.label("set_by_mapo"), level=3, style=style)
    for item in items:
        title = translate(sentences.override_title, item, style="Strong")
        words = translate(sentences.override_words, item.state.override, item.state.beneath)
        reason = plain(sentences.reason_of(item, most=most))
        if most is not None:
            builder.paragraph(title, plain(". "), words, plain(" "), reason, style="DenseNote")
            continue
        builder.sentence(title)
        builder.sentence(words)
        builder.paragraph(reason, style="Narrative")


def agency_table(
    translate: DocxTranslator, agencies: Sequence[AgencyCases], items: DocxText
) -> tuple[list[DocxColumn], list[list[Cell]]]:
    """Return columns and rows: an agency, its items with their days (a column headed `items`), their number, the most days."""
    agency, *counts = labelled_columns(translate, agency=55, how_many=17, longest=22)
    rows: list[list[Cell]] = [
        [
            [plain(each.code, "Strong"), translate(in_reading_language, each, "name")],
            translate(items_with_days, cases),
            plain(number(len(cases))),
            translate(dates.days, cases[0][1]),
        ]
        for each, cases in agencies
    ]
    return [agency, DocxColumn(76, items), *counts], rows


def write_attention(builder: DocumentBuilder, content: SummaryContent) -> None:
    """Write what is late, by agency, and what waits and was returned; nothing for a reader who may not know."""
    translate, on = builder.translate, content.selection.day
    late = by_agency(content, sentences.attention_parts(content, "late"), "late")
    rows: list[list[Cell]] = [
        [plain(agency.code, "Strong"), translate(sentences.item_name, item), translate(wording, agency, on)]
        for kind, wording in sentences.ATTENTION_WORDS.items()
        for item, agency in sentences.attention_parts(content, kind)
    ]
    if not (late or rows):
        return
    heading = translate(scoped, content, ALL_ATTENTION)
    builder.heading(heading)
    if late:
        told = agency_table(translate, late, translate.label("late_items"))
        builder.table(*told, caption=translate(scoped, content, LATE))
    if rows:
        columns = labelled_columns(translate, agency=24, item=46, stands_out=100)
        builder.table(columns, rows, caption=heading)


def write_guide(builder: DocumentBuilder, content: SummaryContent) -> None:
    """Write how to read the summary, and the names of the agencies."""
    translate = builder.translate
    builder.heading(translate.label("how"))
    for sentence in translate.each(reading_guide, content):
        builder.sentence(sentence)
    if codes := sentences.agency_codes(content):
        heading = translate.label("names")
        builder.heading(heading)
        columns = labelled_columns(translate, agency=24, agency_name=146)
        names = [content.names[code] for code in codes]
        rows: list[list[Cell]] = [
            [plain(each.code, "Strong"), translate.of_columns(each.name_ms, each.name_en)] for each in names
        ]
        builder.table(columns, rows, caption=heading)
