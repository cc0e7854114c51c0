"""Window against window: what was printed of the one before beside what agencies report of this one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from audit.clock import local_date
from indicators.months import count_of_months
from indicators.pace import adds_up
from indicators.queries.by_pillar import grouped_by_pillar
from indicators.queries.comparison import YearComparison, rounded_change
from recommendations.states import Pillar
from ui import dates
from ui.query_state import AddressFilters

if TYPE_CHECKING:
    from indicators.queries.counted import CountedIndicator
    from indicators.queries.figures import ShownFigure
    from indicators.queries.reported_months import MonthsTotal, WindowDays, WindowFigures


#: So many key figures of a pillar stand on the overview at most.
MOST_KEY_FIGURES = 3


@dataclass(frozen=True, kw_only=True)
class WindowFilters(AddressFilters):
    """The filters of the page: pillar, and the code of the agency."""

    pillar: str = ""
    agency: str = ""

    choices = {"pillar": Pillar.values}

    def keeps(self, definition: CountedIndicator) -> bool:
        """Return whether an indicator fits the filters."""
        return self.pillar in ("", definition.pillar) and self.agency in ("", definition.agency_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRow:
    """An indicator, or a part of it (`name`), in both windows.

    Of what adds up, `before` is what was given for the whole window before, `reported` what was reported of this one, and
    `same_months` the same months a year before. Of anything else, `before` and `latest` are what was counted last.
    """

    definition: CountedIndicator
    name: str
    before: ShownFigure | None
    latest: ShownFigure | None
    reported: MonthsTotal | None
    same_months: MonthsTotal | None
    comparison: YearComparison

    @property
    def is_told(self) -> bool:
        """Whether either window has something to show."""
        return any((self.before, self.latest, self.reported))

    @property
    def has_hidden(self) -> bool:
        totals = (total for total in (self.reported, self.same_months) if total)
        single = (figure for figure in (self.before, self.latest) if figure)
        return any(
            figure.is_hidden for figure in [*single, *(each for total in totals for each in total.figures)]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigure:
    """What the overview says of an indicator: a number, over which period, and how it changed, if that can be said."""

    definition: CountedIndicator
    number: str
    period_words: str
    comparison: YearComparison
    is_contradicted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsPage:
    """The page: rows by pillar (value, label, rows) that fit the filters, of `total_count` indicators.

    `without` are those that fit and have a figure in neither window.
    """

    window: WindowDays
    earlier: WindowDays
    pillars: Sequence[tuple[str, str, Sequence[WindowRow]]]
    without: Sequence[CountedIndicator]
    shown_count: int
    total_count: int
    has_hidden: bool
    agencies: Sequence[tuple[str, str]]

    @property
    def months_count(self) -> int:
        """How many months the window has."""
        return len(self.window.months)


def read_windows(
    known: Sequence[CountedIndicator],
    found: Mapping[int, Sequence[WindowFigures]],
    window: WindowDays,
    *,
    filters: WindowFilters,
) -> WindowsPage:
    """Return the page of what was `found` for the indicators that fit the filters.

    What was only ever printed, and no agency answers for, is left out: nobody will report it.
    """
    known = [
        each for each in known if each.agency_code or not _is_only_printed(found.get(each.indicator_id, ()))
    ]
    shown = [each for each in known if filters.keeps(each)]
    told = _rows(shown, found, window)
    told_ids = {row.definition.indicator_id for row in told}
    return WindowsPage(
        window=window,
        earlier=window.before(),
        pillars=grouped_by_pillar((row.definition, row) for row in told),
        without=[each for each in shown if each.indicator_id not in told_ids],
        shown_count=len(shown),
        total_count=len(known),
        has_hidden=any(row.has_hidden for row in told),
        agencies=_agencies(known),
    )


def _is_only_printed(found: Sequence[WindowFigures]) -> bool:
    """Return whether there are figures, and a source printed all of them."""
    figures = [figure for each in found for figure in each.all_figures]
    return bool(figures) and not any(figure.is_reported for figure in figures)


def key_figures(
    known: Sequence[CountedIndicator],
    found: Mapping[int, WindowFigures],
    window: WindowDays,
    *,
    contradicted_ids: Collection[int],
) -> list[tuple[str, str, list[KeyFigure]]]:
    """Return the key figures by pillar: of each, the first indicators in MAPO's order that have a figure in either window.

    `contradicted_ids` are the keys of figures in which a check failed.
    """
    told = [
        (each, figure)
        for each in known
        if each.pillar and each.indicator_id in found
        for figure in [_key_figure(each, found[each.indicator_id], window, contradicted_ids)]
        if figure is not None
    ]
    return [(pillar, label, figures[:MOST_KEY_FIGURES]) for pillar, label, figures in grouped_by_pillar(told)]


def _key_figure(
    definition: CountedIndicator,
    figures: WindowFigures,
    window: WindowDays,
    contradicted_ids: Collection[int],
) -> KeyFigure | None:
    """Return what was reported of this window, else what was given for the one before; None without either."""
    row = _row(definition, figures, window)
    if row.reported:
        count = count_of_months(len(row.reported.months), len(window.months))
        words = f"{count}: {row.reported.words}"
        given, number, comparison = row.reported.figures, row.reported.number, row.comparison
    elif single := row.latest or row.before:
        words = window.before().mark if single is figures.whole_before else single.period.label
        given, number = [single], single.number
        comparison = row.comparison if row.latest else _compare_printed(figures)
    else:
        return None
    return KeyFigure(
        definition=definition,
        number=number,
        period_words=words,
        comparison=comparison,
        is_contradicted=any(each.figure_id in contradicted_ids for each in given),
    )


def _compare_printed(figures: WindowFigures) -> YearComparison:
    """Return the change between the two windows before, where both were counted whole."""
    after, before = figures.whole_before, figures.whole_earlier
    if after is None or before is None or after.period.is_partial or before.period.is_partial:
        return _not_compared("")
    return _change(before.value, after.value)


def _rows(
    shown: Sequence[CountedIndicator],
    found: Mapping[int, Sequence[WindowFigures]],
    window: WindowDays,
) -> list[WindowRow]:
    """Return the rows of the series that have a figure in either window."""
    rows = (_row(each, figures, window) for each in shown for figures in found.get(each.indicator_id, ()))
    return [row for row in rows if row.is_told]


def _agencies(known: Sequence[CountedIndicator]) -> list[tuple[str, str]]:
    """Return the agencies that answer for indicators: the code of each, and how the filter calls it."""
    found = {each.agency_code: each.agency_name for each in known if each.agency_code}
    return [(code, f"{code} · {found[code]}") for code in sorted(found)]


def _row(definition: CountedIndicator, figures: WindowFigures, window: WindowDays) -> WindowRow:
    """Return the row of a series; only the sums of what adds up are shown."""
    if adds_up(definition):
        reported, same = figures.reported_total, figures.same_months
        before, latest = figures.whole_before, None
        comparison = _compare_sums(figures, window, reported, same)
    else:
        reported = same = None
        before, latest = figures.newest_before, figures.newest
        comparison = _compare_newest(before, latest, window, is_stock=definition.is_stock)
    if comparison.percent is not None and (changed := _changed(definition, figures)):
        comparison = YearComparison(before=None, reason=changed)
    return WindowRow(
        definition=definition,
        name=figures.name,
        before=before,
        latest=latest,
        reported=reported,
        same_months=same,
        comparison=comparison,
    )


def _compare_sums(
    figures: WindowFigures, window: WindowDays, reported: MonthsTotal | None, same: MonthsTotal | None
) -> YearComparison:
    """Return the change to the same period of the window before, or why there is none."""
    before = figures.whole_before
    if reported is None:
        return _not_compared(_("No month of %(window)s was reported yet.") % {"window": window.mark})
    is_whole = reported.is_whole and len(reported.months) == len(window.months)
    if is_whole and before is not None and not before.period.is_partial:
        return _change(before.value, reported.value)
    if same is not None and same.is_whole and reported.is_whole:
        return _change(same.value, reported.value)
    if before is None:
        return _not_compared(_no_figure(window.before()))
    return _not_compared(_("Different periods: a whole window beside a part of one."))


def _compare_newest(
    before: ShownFigure | None, latest: ShownFigure | None, window: WindowDays, *, is_stock: bool
) -> YearComparison:
    """Return the change between what was counted last in each window, or why there is none."""
    if latest is None or before is None:
        return _not_compared(_no_figure(window if latest is None else window.before()))
    if latest.period.kind != before.period.kind or not (
        is_stock or latest.period.follows_by_a_year(before.period)
    ):
        return _not_compared(
            _("Different periods: %(before)s beside %(period)s.")
            % {"before": before.period.label, "period": latest.period.label}
        )
    return _change(before.value, latest.value)


def _change(before: Decimal | None, after: Decimal | None) -> YearComparison:
    if before is None or after is None:
        return _not_compared(_("A number that is not shown is not compared."))
    if not before:
        return _not_compared(_("The figure before is 0."))
    return YearComparison(before=None, percent=rounded_change(before, after))


def _not_compared(reason: str) -> YearComparison:
    return YearComparison(before=None, reason=reason)


def _no_figure(window: WindowDays) -> str:
    return _("There is no figure for %(period)s.") % {"period": window.mark}


def _changed(definition: CountedIndicator, figures: WindowFigures) -> str:
    """Return that the basis changed after the first of the figures had been recorded, or ""."""
    first = min((each.recorded_at for each in figures.all_figures), default=None)
    changed_at = definition.changed_at
    if first is None or changed_at is None or changed_at <= first:
        return ""
    return _("What is counted, or its basis, was changed on %(day)s.") % {
        "day": dates.day(local_date(changed_at))
    }
