"""The front of a Word summary: what it is, where the window stands, totals, one line per item, what stands out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from recommendations.queries.window_clock import WindowClock
from recommendations.states import Status
from reports.states import Depth
from reports.summary.content import SummaryContent
from reports.summary.rows import KindTotals, ReportedAgency, ReportedItem
from reports.writers import sentences, whose
from reports.writers.docx import phrases
from reports.writers.docx.gathering import Gathered
from reports.writers.docx.sheet import Sheet
from reports.writers.docx.tables import Cell, Column
from reports.writers.docx.voice import Said, Voice, typed
from reports.writers.key import key_sentences
from ui import dates
from ui.numbers import number, percent

_STATUSES = (Status.NONE, Status.PROGRESS, Status.DONE)


def title() -> str:
    """What it is, in the language in force."""
    return pgettext("paper", "Progress summary")


def write_frame(sheet: Sheet, gathered: Gathered, running: Callable[[], str]) -> None:
    """Head and foot of each page."""
    voice = sheet.voice
    sheet.frame(
        banner=voice(lambda: gathered.statement.classification.label),
        running=voice(running),
        page=voice(_page),
    )


def _page() -> str:
    """Page 1 of 12, with places for the numbers; of a demonstration, that its data are samples."""
    page = _("Page %(page)s of %(pages)s") % {"page": "{PAGE}", "pages": "{NUMPAGES}"}
    return f"{_('Sample data')} · {page}" if settings.DEMO else page


def write_cover(sheet: Sheet, gathered: Gathered) -> None:
    """Title, everything that is stated, and the clock in words."""
    voice, content = sheet.voice, gathered.content
    sheet.paragraph(voice(title), style="Title")
    sheet.paragraph(voice(lambda: sentences.subtitle(content)), style="Subtitle", between="\n")
    is_dense = content.selection.depth == Depth.GLANCE
    caption = voice(lambda: _("About this summary"))
    sheet.facts(stated(gathered, voice), caption=caption, is_dense=is_dense)
    sheet.sentence(voice(lambda: clock_words(content)), style="Note" if is_dense else "")


def stated(gathered: Gathered, voice: Voice) -> Iterator[tuple[Said, Said]]:
    """Label and value of each thing that is stated, in the paper's languages."""
    lines = [gathered.statement.lines(tongue) for tongue in voice.tongues]
    for place in range(len(lines[0])):
        label, value = (_alike(voice, [each[place][side] for each in lines]) for side in (0, 1))
        yield label, value.styled("Code") if gathered.statement.is_code(value.text) else value


def _alike(voice: Voice, texts: Sequence[str]) -> Said:
    told = dict(zip(voice.tongues, texts, strict=True))
    return Said(tuple(told.items())) if len(set(texts)) > 1 or not voice.is_twofold else typed(texts[0])


def clock_words(content: SummaryContent) -> str:
    """Where the day stands in the window, and the days that count; in the language in force."""
    clock = WindowClock(content.dates, content.selection.day)
    return _(
        "%(day)s. Assessment window: %(window)s. Interim assessment: %(interim)s. Information due: %(due)s."
    ) % {
        "day": clock.day_text,
        "window": dates.day_range(content.dates.window_start, content.dates.window_end, long=True),
        "interim": dates.day(content.dates.interim_on),
        "due": dates.day(content.dates.submission_on),
    }


def write_totals(sheet: Sheet, content: SummaryContent) -> None:
    """How many items stand where."""
    voice = sheet.voice
    is_dense = content.selection.depth == Depth.GLANCE
    style = "TableDense" if is_dense else "TableText"
    sheet.heading(voice(lambda: _("Overall status")), level=2 if is_dense else 1)
    sheet.table(
        [replace(column, style=style) for column in _totals_columns(voice, content)],
        [_totals_row(voice, content, totals) for totals in content.totals],
        caption=voice(lambda: _("How many items have which status")),
    )


def _totals_columns(voice: Voice, content: SummaryContent) -> Iterator[Column]:
    yield Column(36 if content.sees_marks else 74, voice(lambda: _("Items")))
    for status in _STATUSES:
        yield Column(26 if content.sees_marks else 32, phrases.status(voice, status), is_figure=True)
    if content.sees_marks:
        yield Column(19, voice(whose.waiting, content), is_figure=True)
        yield Column(14, voice(whose.late, content), is_figure=True)
        yield Column(23, voice(whose.returned, content), is_figure=True)


def _totals_row(voice: Voice, content: SummaryContent, totals: KindTotals) -> list[Cell]:
    label = voice(sentences.counted_items, totals, style="Strong")
    figures = [totals.none, totals.progress, totals.done]
    if content.sees_marks:
        figures += [totals.waiting, totals.late, totals.returned]
    return [label, *(typed(number(figure)) for figure in figures)]


def write_lines(sheet: Sheet, content: SummaryContent, *, has_pages: bool) -> None:
    """One line per item, a table for each kind; with `has_pages` a number leads to the item's page."""
    voice = sheet.voice
    for totals in content.totals:
        heading = voice(sentences.counted_items, totals)
        sheet.heading(heading)
        sheet.table(
            list(_line_columns(voice)),
            [_line(voice, item, has_pages=has_pages) for item in content.items if item.kind == totals.kind],
            caption=heading,
        )


def _line_columns(voice: Voice) -> Iterator[Column]:
    yield Column(8, voice(lambda: pgettext("column", "No.")), is_figure=True)
    if voice.is_twofold:
        yield Column(42, Said((("ms", "Bahasa Melayu"),)))
        yield Column(42, Said((("en", "English"),)))
    else:
        yield Column(76, voice(lambda: _("Item")))
    wide = not voice.is_twofold
    yield Column(21 if wide else 18, voice(lambda: pgettext("column", "Lead")))
    yield Column(29 if wide else 24, voice(lambda: _("Status")))
    yield Column(13, voice(lambda: pgettext("column", "Done")), is_figure=True)
    yield Column(23, voice(lambda: pgettext("column", "Accepted")))


def _line(voice: Voice, item: ReportedItem, *, has_pages: bool) -> list[Cell]:
    place = typed(str(item.number))
    return [
        place.linked(phrases.item_mark(item)).styled("Hyperlink") if has_pages else place,
        *(Said((phrase,)) for phrase in phrases.official_text(voice, item).phrases),
        list(_lead(voice, item)),
        [phrases.status(voice, item.status), *voice.each(sentences.state_notes, item)],
        typed(percent(item.percent)),
        phrases.short_day(voice, item.decided_on),
    ]


def _lead(voice: Voice, item: ReportedItem) -> Iterator[Said]:
    """The lead, and who is suggested for it (MAPO alone)."""
    yield typed(item.lead.code, "Strong") if item.lead else voice(lambda: pgettext("lead agency", "None"))
    yield from voice.each(sentences.suggested_leads, item)


def write_glance(sheet: Sheet, content: SummaryContent) -> None:
    """All items on one page: a short line each, without the official texts."""
    voice = sheet.voice
    columns = [
        Column(42, voice(lambda: _("Item"))),
        Column(39, voice(lambda: _("Pillar"))),
        Column(15, voice(lambda: pgettext("column", "Lead"))),
        Column(43, voice(lambda: _("Status"))),
        Column(10, voice(lambda: pgettext("column", "Done")), is_figure=True),
        Column(21, voice(lambda: pgettext("column", "Accepted"))),
    ]
    columns = [replace(column, style="TableDense", between=" / ") for column in columns]
    rows = [_glance_line(voice, item) for item in content.items]
    sheet.table(columns, rows, caption=voice(lambda: _("State of all items")))


def _glance_line(voice: Voice, item: ReportedItem) -> list[Cell]:
    return [
        phrases.item_name(voice, item),
        voice(lambda: sentences.pillar_words(item.pillar)),
        typed(item.lead.code, "Strong") if item.lead else typed("–"),
        phrases.status(voice, item.status),
        typed(percent(item.percent)),
        # One line each: the page must hold them all, in two languages too.
        Said(phrases.short_day(voice, item.decided_on).phrases[:1]),
    ]


def write_marks(sheet: Sheet, content: SummaryContent) -> None:
    """What is late, what waits and what was returned; nothing for a reader who may not know."""
    voice = sheet.voice
    rows = list(_marks(voice, content))
    if not rows:
        return
    heading = voice(lambda: whose.only(content, _("Late, waiting and returned")))
    sheet.heading(heading)
    columns = [
        Column(24, voice(lambda: _("Agency"))),
        Column(46, voice(lambda: _("Item"))),
        Column(100, voice(lambda: _("What stands out"))),
    ]
    sheet.table(columns, rows, caption=heading)


def _marks(voice: Voice, content: SummaryContent) -> Iterator[list[Cell]]:
    """The late first, then what waits, then what was returned; of each the longest first."""
    on = content.selection.day
    late, waiting, returned = sentences.parts_that_stand_out(content)
    for item, agency in late:
        yield [*_whose(voice, item, agency), voice(sentences.late_words, agency)]
    for item, agency in waiting:
        yield [*_whose(voice, item, agency), voice(sentences.waiting_words, agency, on)]
    for item, agency in returned:
        yield [*_whose(voice, item, agency), voice(sentences.returned_words, agency, on)]


def _whose(voice: Voice, item: ReportedItem, agency: ReportedAgency) -> tuple[Said, Said]:
    return typed(agency.code, "Strong"), phrases.item_name(voice, item)


def write_pillars(sheet: Sheet, content: SummaryContent) -> None:
    """How many items of each pillar stand where."""
    voice = sheet.voice
    sheet.heading(voice(lambda: _("By pillar")), level=3)
    columns = [
        Column(52, voice(lambda: _("Pillar"))),
        *(Column(33, phrases.status(voice, status), is_figure=True) for status in _STATUSES),
        Column(19, voice(lambda: pgettext("column", "All")), is_figure=True),
    ]
    rows: list[list[Cell]] = [
        [
            voice(sentences.pillar_words, pillar, style="Strong"),
            *(typed(number(each)) for each in [*counts, total]),
        ]
        for pillar, counts, total in sentences.pillar_counts(content)
    ]
    sheet.table(columns, rows, caption=voice(lambda: _("How many items of each pillar have which status")))


def write_key(sheet: Sheet, content: SummaryContent) -> None:
    """How to read it, and how the agencies are called."""
    voice = sheet.voice
    sheet.heading(voice(lambda: _("How to read this summary")))
    for said in voice.each(key_sentences, content):
        sheet.sentence(said)
    if codes := sentences.agency_codes(content):
        heading = voice(lambda: _("Names of the agencies"))
        sheet.heading(heading)
        columns = [
            Column(24, voice(lambda: _("Agency"))),
            Column(146, voice(lambda: _("Name"))),
        ]
        rows: list[list[Cell]] = [
            [typed(code, "Strong"), phrases.agency_name(voice, content.names[code])] for code in codes
        ]
        sheet.table(columns, rows, caption=heading)


def title_text(sheet: Sheet, gathered: Gathered) -> tuple[str, str]:
    """Title and subject for the properties of the file, in the first language."""
    with override(sheet.tongue):
        return f"{title()} {gathered.statement.selection.year}", sentences.subtitle(gathered.content)
