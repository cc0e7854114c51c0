"""The data of the figures in a PDF: a section for each pillar with a chart of each indicator, and what contradicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from indicators.months import months_within
from indicators.periods import Period
from indicators.suppression import Hiding
from reports.writers.pdf.typst_data import TypedText
from reports.writers.wording import figures as wording
from ui import dates

if TYPE_CHECKING:
    from reports.summary.figure_rows import ReportedCheck, ReportedFigure
    from reports.summary.figure_sheets import FigureSheets, IndicatorSheet
    from reports.writers.pdf.parts import PdfContext, TypstData


def figures_data(context: PdfContext, sheets: FigureSheets) -> TypstData:
    """Return the figures by pillar, how to read them, and what fails or cannot be judged."""
    return {
        "pillars": [
            {
                "label": context.translate.texts(wording.figure_pillar, pillar.pillar),
                "indicators": [_indicator(context, sheets, sheet) for sheet in pillar.sheets],
            }
            for pillar in sheets.pillars
        ],
        "key_figures": _said(context.translate.texts(wording.key_figures, sheets)),
        "guide": context.translate.text_lists(wording.figures_guide, sheets),
        "checks": [_check(context, check, place) for place, check in enumerate(sheets.checks, start=1)],
    }


def _indicator(context: PdfContext, sheets: FigureSheets, sheet: IndicatorSheet) -> TypstData:
    texts, indicator = context.translate.texts, sheet.indicator
    return {
        "name": texts(wording.indicator_name, indicator),
        "unit": texts(wording.unit_words, indicator),
        "agency": indicator.agency,
        "basis": texts(wording.basis_words, indicator),
        "rows": [_row(context, sheets, sheet, figure) for figure in sheet.printed],
        "newest": _row(context, sheets, sheet, sheet.newest) if sheet.newest else {},
        "reported": _said(texts(wording.reported_words, sheet)),
        "news": _said(texts(wording.months_news, sheets, sheet)),
        "parts": _said(texts(wording.part_words, sheet, sheets)),
        "chart": _chart(context, sheet),
        "target": texts(wording.target_and_pace, sheet.target) if sheet.target else [],
        "checks": list(sheet.checks),
    }


def _said(texts: list[str]) -> list[str]:
    """Return texts, or nothing where they are empty."""
    return texts if all(texts) else []


def _row(
    context: PdfContext, sheets: FigureSheets, sheet: IndicatorSheet, figure: ReportedFigure
) -> TypstData:
    texts = context.translate.texts
    change, *_others = texts(wording.change_words, figure, sheet)
    return {
        "period": texts(wording.period_and_news, sheets, figure),
        "number": texts(wording.number_words, figure, sheet.indicator),
        "change": change,
        "marks": list(sheets.marks.get(figure.number, ())),
    }


def _chart(context: PdfContext, sheet: IndicatorSheet) -> TypstData:
    """Return the months of the window, or the years where no month was reported, and the same as text."""
    months = sheet.months
    drawn = months or (sheet.charted if len(sheet.charted) > 1 else [])
    columns = _months(context, sheet) if months else _years(context, sheet, drawn)
    alt = context.translate.texts(_chart_sentence, sheet, drawn)
    return {"columns": list(columns), "alt": " ".join(alt)}


def _months(context: PdfContext, sheet: IndicatorSheet) -> Iterator[TypstData]:
    """Yield every month of the window, also those without a figure."""
    window, most, unit = context.content.dates, _most(sheet.months), sheet.indicator.unit
    by_month = {figure.begins_on: figure for figure in sheet.months}
    for month in months_within(window.window_start, window.window_end):
        name, figure = context.translate.texts(dates.short_month, month), by_month.get(month)
        yield _column(context, name, figure, most, unit)


def _years(
    context: PdfContext, sheet: IndicatorSheet, figures: Sequence[ReportedFigure]
) -> Iterator[TypstData]:
    most = _most(figures)
    for figure in figures:
        name = context.translate.texts(_year_mark, figure.period)
        yield _column(context, name, figure, most, sheet.indicator.unit)


def _most(figures: Sequence[ReportedFigure]) -> float:
    """Return the number that reaches the top of a chart."""
    return float(max((figure.value or 0 for figure in figures), default=0) or 1)


def _column(
    context: PdfContext, name: list[str], figure: ReportedFigure | None, most: float, unit: str
) -> TypstData:
    """Return a column of a chart: its share of the tallest, its number, and the name below it."""
    if figure is None:
        return {"name": name, "share": None, "number": "", "is_partial": False}
    # A column is narrow: its indicator says the unit.
    number = figure.words(context.translate.languages[0], unit)
    return {
        "name": name,
        "share": None if figure.value is None else float(figure.value) / most,
        # The word for what is withheld is wider than a column; the text for those who cannot see the chart has it.
        "number": "…" if figure.hiding == Hiding.WITHHELD.value else number,
        "is_partial": figure.is_partial,
    }


def _year_mark(period: Period) -> str:
    """Return the year, or the window: 2022; 2022/23. One that was counted in part carries a star."""
    return f"{period.mark}{'*' if period.is_partial else ''}"


def _chart_sentence(sheet: IndicatorSheet, drawn: Sequence[ReportedFigure]) -> str:
    """Return all numbers of a chart as text: "Protection orders. April 2023: 17; May 2023: 21."."""
    told = "; ".join(f"{each.period.label}: {wording.number_words(each, sheet.indicator)}" for each in drawn)
    return f"{wording.indicator_name(sheet.indicator)}. {told}."


def _check(context: PdfContext, check: ReportedCheck, place: int) -> TypstData:
    texts = context.translate.texts
    return {
        "place": place,
        "sentence": texts(wording.check_sentence, check),
        "note": texts(wording.check_note, check),
        "told": texts(wording.check_told, check),
        "explanation": TypedText(check.explanation) if check.explanation else [],
        "explained": texts(wording.explained_words, check),
    }
