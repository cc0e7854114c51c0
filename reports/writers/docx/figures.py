"""The figures of a Word summary: a table for each indicator or a line each, and what contradicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reports.writers.docx.document import Cell, DocumentBuilder, labelled_columns
from reports.writers.docx.text import NOTHING, plain
from reports.writers.wording import figures as wording

if TYPE_CHECKING:
    from reports.summary.figure_rows import ReportedFigure
    from reports.summary.figure_sheets import FigureSheets, IndicatorSheet
    from reports.writers.docx.text import DocxText, DocxTranslator


def write_figures(builder: DocumentBuilder, sheets: FigureSheets) -> None:
    """Write the figures by pillar, a table for each indicator, and what contradicts; nothing without indicators."""
    if not sheets.sheets:
        return
    _write_heading(builder, sheets, starts_page=True)
    for pillar in sheets.pillars:
        builder.heading(builder.translate(wording.figure_pillar, pillar.pillar), level=2)
        for sheet in pillar.sheets:
            _write_indicator(builder, sheets, sheet)
    write_contradictions(builder, sheets)


def write_figure_lines(builder: DocumentBuilder, sheets: FigureSheets) -> None:
    """Write a line for each indicator, with its newest figure, and what contradicts; nothing without indicators."""
    if not sheets.sheets:
        return
    _write_heading(builder, sheets)
    translate = builder.translate
    columns = labelled_columns(translate, indicator=62, period=36, figure=26, change=20, contradictions=26)
    for pillar in sheets.pillars:
        heading = translate(wording.figure_pillar, pillar.pillar)
        builder.heading(heading, level=3)
        builder.table(columns, [_line(translate, sheets, sheet) for sheet in pillar.sheets], caption=heading)
    write_contradictions(builder, sheets)


def write_key_figures(builder: DocumentBuilder, sheets: FigureSheets) -> None:
    """Write the newest figures of the first indicators of each pillar, for a one-page summary; nothing without any."""
    line = builder.translate(wording.key_figures, sheets)
    if line.text:
        builder.heading(builder.translate.label("key_figures"), level=3, style="DenseHeading")
        builder.sentence(line, style="DenseNote")


def write_contradictions(builder: DocumentBuilder, sheets: FigureSheets) -> None:
    """Write what fails and what cannot be judged, with MAPO's explanations."""
    if not sheets.checks:
        return
    translate = builder.translate
    heading = translate.label("contradictions")
    builder.heading(heading)
    columns = labelled_columns(translate, number=10, found=96, explanation=64)
    rows: list[list[Cell]] = [
        [
            plain(str(place)),
            [
                translate(wording.check_sentence, check, style="Strong"),
                translate(wording.check_note, check),
                translate(wording.check_told, check),
            ],
            [plain(check.explanation), translate(wording.explained_words, check)]
            if check.explanation
            else translate(wording.explained_words, check),
        ]
        for place, check in enumerate(sheets.checks, start=1)
    ]
    builder.table(columns, rows, caption=heading)


def _write_heading(builder: DocumentBuilder, sheets: FigureSheets, *, starts_page: bool = False) -> None:
    builder.heading(builder.translate.label("figures"), starts_page=starts_page)
    for sentence in builder.translate.each(wording.figures_guide, sheets):
        builder.sentence(sentence, style="Note")


def _write_indicator(builder: DocumentBuilder, sheets: FigureSheets, sheet: IndicatorSheet) -> None:
    translate, indicator = builder.translate, sheet.indicator
    name = translate(wording.indicator_name, indicator)
    builder.heading(name, level=3)
    builder.sentence(translate(wording.unit_and_agency, indicator), style="Note")
    builder.sentence(translate(wording.basis_words, indicator), style="Note")
    figures = [*sheet.printed, *sheet.months]
    if figures:
        columns = labelled_columns(translate, period=70, figure=40, change=30, contradictions=30)
        builder.table(columns, [_row(translate, sheets, sheet, figure) for figure in figures], caption=name)
    for words in _sentences(translate, sheets, sheet):
        builder.sentence(words)


def _sentences(translate: DocxTranslator, sheets: FigureSheets, sheet: IndicatorSheet) -> Iterator[DocxText]:
    """Yield what stands below an indicator's table: sum of the months, newest parts, target and pace, contradictions."""
    told = [
        translate(wording.reported_words, sheet),
        translate(wording.part_words, sheet, sheets),
        translate(wording.target_and_pace, sheet.target) if sheet.target else NOTHING,
        translate(wording.see_checks, ", ".join(map(str, sheet.checks))) if sheet.checks else NOTHING,
    ]
    return (each for each in told if each.text)


def _row(
    translate: DocxTranslator, sheets: FigureSheets, sheet: IndicatorSheet, figure: ReportedFigure
) -> list[Cell]:
    return [
        translate(wording.period_and_news, sheets, figure),
        translate(wording.number_words, figure, sheet.indicator, style="Strong"),
        translate(wording.change_words, figure, sheet),
        plain(", ".join(map(str, sheets.marks.get(figure.number, ())))),
    ]


def _line(translate: DocxTranslator, sheets: FigureSheets, sheet: IndicatorSheet) -> list[Cell]:
    indicator, newest = sheet.indicator, sheet.newest
    name = [
        translate(wording.indicator_name, indicator, style="Strong"),
        translate(wording.unit_and_agency, indicator),
    ]
    numbers = plain(", ".join(map(str, sheet.checks)))
    if newest is None:
        return [
            name,
            translate(wording.part_words, sheet, sheets),
            NOTHING,
            NOTHING,
            numbers,
        ]
    period, number, change, _marks = _row(translate, sheets, sheet, newest)
    return [name, period, number, change, numbers]
