"""What papers say of figures, in the active language: periods, numbers, changes, targets, contradictions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from indicators.months import count_of_months, month_spans
from indicators.numbers import amount, marked
from indicators.pace import adds_up
from indicators.periods import Period
from indicators.queries.comparison import compare
from indicators.queries.figures import ShownFigure, hidden_words
from indicators.states import PeriodKind, Unit
from indicators.suppression import Hiding
from recommendations.models.cycle import in_reading_language
from recommendations.states import Pillar
from reports.languages import item_words
from reports.summary.figure_rows import FigureNews
from ui import dates
from ui.dates import supported_language

if TYPE_CHECKING:
    from reports.summary.figure_rows import (
        ReportedCheck,
        ReportedFigure,
        ReportedIndicator,
        ReportedTarget,
    )
    from reports.summary.figure_sheets import FigureSheets, IndicatorSheet

#: So many indicators of each pillar stand on a one-page summary.
_KEY_FIGURES = 2


def figure_pillar(pillar: str) -> str:
    """Return the pillar of indicators, or what those of the report as a whole are listed under."""
    return str(Pillar(pillar).label) if pillar else _("All pillars")


def indicator_name(indicator: ReportedIndicator) -> str:
    """Return the name of an indicator; one that is MAPO's own in this language carries a ring."""
    is_own = indicator.is_own_name_en if supported_language() == "en" else indicator.is_own_name_ms
    return f"{in_reading_language(indicator, 'name')}{'°' if is_own else ''}"


def unit_words(indicator: ReportedIndicator) -> str:
    return str(Unit(indicator.unit).label)


def unit_and_agency(indicator: ReportedIndicator) -> str:
    """Return what is counted, and who answers for it: persons · KPWKM."""
    return " · ".join(part for part in (unit_words(indicator), indicator.agency) if part)


def basis_words(indicator: ReportedIndicator) -> str:
    return in_reading_language(indicator, "basis")


def period_words(period: Period) -> str:
    """Return a period as the source's tables head it: 2022/2023; 2023, to 29 May."""
    first, last = period.begins_on, period.ends_on
    if period.kind == PeriodKind.WINDOW and first and last and not period.is_partial:
        return f"{first.year}/{last.year}"
    return period.label


def period_and_news(sheets: FigureSheets, figure: ReportedFigure) -> str:
    """Return the period of a figure, and that the figure is new or revised: June 2023 · new."""
    news = sheets.figures.news_of(figure)
    return " · ".join([period_words(figure.period), *([str(news.label)] if news else [])])


def number_words(figure: ReportedFigure, indicator: ReportedIndicator) -> str:
    """Return the number with its unit: 27,836; RM112,420.00; "< 5" or "hidden" where the reader may not know it."""
    words = figure.words(supported_language(), indicator.unit)
    return words if figure.value is None else marked(words, indicator.unit)


def change_words(figure: ReportedFigure, sheet: IndicatorSheet) -> str:
    """Return the change from the same months of the year before: +36.7%; nothing where they are not comparable."""
    unit = sheet.indicator.unit
    alike = [_shown(each, unit) for each in sheet.of_kind(PeriodKind(figure.period_kind))]
    return compare(_shown(figure, unit), alike).words


def _shown(figure: ReportedFigure, unit: str) -> ShownFigure:
    """Return a row as pages know it, as far as comparing needs it: who gave it is an agency or a source."""
    return ShownFigure(
        figure_id=figure.number,
        series_id=0,
        indicator_id=0,
        period=figure.period,
        text=figure.text,
        value=None if figure.value is None else Decimal(str(figure.value)),
        source_id=None if figure.is_reported else 0,
        recorded_at=figure.recorded_at,
        unit=unit,
        hiding=Hiding(figure.hiding) if figure.hiding else None,
    )


def reported_words(sheet: IndicatorSheet) -> str:
    """Return which months were reported, with their sum where months add up and all are shown; empty without any."""
    if not sheet.months:
        return ""
    words = {"months": reported_months(sheet), "total": _sum_of_months(sheet)}
    if words["total"]:
        return _("Reported for %(months)s: %(total)s") % words
    return _("Reported for %(months)s") % words


def reported_months(sheet: IndicatorSheet) -> str:
    """Return the months that were reported: Jun, Sep 2023 (2 of 12 months). There is one at least."""
    return _months_and_count(sheet.months, sheet.month_count)


def newest_months(sheet: IndicatorSheet) -> str:
    """Return the months of the number that `reported_total` gives: all that were added up, or the newest."""
    if adds_up(sheet.indicator):
        return reported_months(sheet)
    return period_words(sheet.months[-1].period)


def reported_total(sheet: IndicatorSheet) -> str:
    """Return the sum of the months, or that it is hidden; where months do not add up, the newest number."""
    if not adds_up(sheet.indicator):
        return number_words(sheet.months[-1], sheet.indicator)
    return _sum_of_months(sheet) or hidden_words(Hiding.WITHHELD)


def months_news(sheets: FigureSheets, sheet: IndicatorSheet) -> str:
    """Return which of the reported months are new, and which revised: "New: Sep 2023. Revised: May 2023."; or nothing."""
    found: dict[FigureNews, list[date]] = {each: [] for each in FigureNews}
    for figure in sheet.months:
        news = sheets.figures.news_of(figure)
        if news and figure.begins_on:
            found[news].append(figure.begins_on)
    said = {FigureNews.NEW: _("New: %(months)s."), FigureNews.REVISED: _("Revised: %(months)s.")}
    return " ".join(said[news] % {"months": month_spans(months)} for news, months in found.items() if months)


def _months_and_count(figures: Sequence[ReportedFigure], total: int) -> str:
    months = [each.begins_on for each in figures if each.begins_on]
    return f"{month_spans(months)} ({count_of_months(len(months), total)})"


def _sum_of_months(sheet: IndicatorSheet) -> str:
    values = [each.value for each in sheet.months if each.value is not None]
    if not adds_up(sheet.indicator) or len(values) < len(sheet.months):
        return ""
    total = sum((Decimal(str(value)) for value in values), Decimal(0))
    return amount(total, sheet.indicator.unit)


def part_words(sheet: IndicatorSheet, sheets: FigureSheets) -> str:
    """Return the newest parts: "August 2023 · new: Men 20 · Women 17"; empty without any."""
    if not sheet.parts:
        return ""
    names = sheets.figures.series_names
    told = [
        f"{in_reading_language(names[each.series], 'name')} {number_words(each, sheet.indicator)}".replace(
            " ", dates.NBSP
        )
        for each in sheet.parts
    ]
    marked = next((each for each in sheet.parts if sheets.figures.news_of(each)), sheet.parts[0])
    return f"{period_and_news(sheets, marked)}: {' · '.join(told)}"


def key_figures(sheets: FigureSheets) -> str:
    """Return the newest figures of the first indicators of each pillar, as MAPO orders them, on one line; empty without any.

    "Persons prosecuted 9 (July 2023) · …".
    """
    first = [[each for each in pillar.sheets if each.newest][:_KEY_FIGURES] for pillar in sheets.pillars]
    return " · ".join(
        f"{indicator_name(sheet.indicator)} {number_words(sheet.newest, sheet.indicator)}{dates.NBSP}({_bound(sheets, sheet.newest)})"
        for of_pillar in first
        for sheet in of_pillar
        if sheet.newest
    )


def _bound(sheets: FigureSheets, figure: ReportedFigure) -> str:
    """Return the period of a figure, and its news, without a place where a line may end."""
    return period_and_news(sheets, figure).replace(" ", dates.NBSP)


def target_words(target: ReportedTarget) -> str:
    """Return the target and its day: 60 by 31 March 2024."""
    words = {"number": amount(target.number, target.unit), "day": dates.day(target.due_on)}
    return _("%(number)s by %(day)s") % words


def pace_words(target: ReportedTarget) -> str:
    """Return the pace in words; empty for readers whom it does not concern."""
    return target.pace_words(supported_language())


def target_and_pace(target: ReportedTarget) -> str:
    """Return "Target: 60 by 31 March 2024.", and the pace where the reader may know it."""
    words = _("Target: %(target)s.") % {"target": target_words(target)}
    return f"{words} {pace_words(target)}".strip()


def check_sentence(check: ReportedCheck) -> str:
    return check.sentence(supported_language())


def check_note(check: ReportedCheck) -> str:
    return check.note(supported_language())


def check_outcome(check: ReportedCheck) -> str:
    """Return whether the figures contradict each other, or cannot be judged."""
    return str(check.found.outcome.label)


def check_place(check: ReportedCheck) -> str:
    """Return where the numbers stand: Table L · 2022 · Achievement 4; Reported by agencies · June 2023."""
    parts = [_("Table %(key)s") % {"key": check.table} if check.table else "", _given_by(check)]
    parts += [_period_of_check(check)]
    parts += [item_words(check.claim) if check.claim else ""]
    return " · ".join(part for part in parts if part)


def _period_of_check(check: ReportedCheck) -> str:
    """Return the period that all numbers of a check share; empty where they have several."""
    periods = {term.period for term in check.found.terms}
    return period_words(Period(*periods.pop())) if len(periods) == 1 else ""


def _given_by(check: ReportedCheck) -> str:
    return "" if check.source else _("Reported by agencies")


def check_told(check: ReportedCheck) -> str:
    """Return outcome and place: Contradiction · Table L · 2022."""
    return " · ".join(part for part in (check_outcome(check), check_place(check)) if part)


def explained_words(check: ReportedCheck) -> str:
    """Return who explained a check, and when; that nobody has where it is not explained."""
    if not check.explanation:
        return _("Not explained yet.")
    day = dates.day(check.explained_at)
    if check.explained_by:
        return _("Explained by %(who)s on %(day)s") % {"who": check.explained_by, "day": day}
    return _("Explained by MAPO on %(day)s") % {"day": day}


def see_checks(numbers: str) -> str:
    """Return "See 3, 4 under Contradictions.", with these numbers."""
    return _("See %(numbers)s under Contradictions.") % {"numbers": numbers}


def figures_guide(sheets: FigureSheets) -> Iterator[str]:
    """Yield how to read the figures, a sentence each; the same number of them in every language."""
    yield _("Printed figures are the source’s, to the letter. Reported months are those that MAPO accepted.")
    yield _(
        "A small number beside a figure leads to the contradiction of that number. No figure was corrected."
    )
    if since := sheets.since:
        yield _(
            "All figures as at the day are given. Those recorded after %(day)s are marked “new”, or “revised” where another "
            "number stood before."
        ) % {"day": dates.day(since)}
    if any(each.is_own_name_ms or each.is_own_name_en for each in sheets.figures.indicators):
        yield _("A name with ° is MAPO’s own: the source has none in that language.")
    if any(sheet.has_hidden for sheet in sheets.sheets):
        yield _(
            "A number of 1 to 4 victims is written “< 5”, because it could point to a person; numbers from which it could be "
            "computed are hidden."
        )
