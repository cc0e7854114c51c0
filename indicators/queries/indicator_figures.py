"""One indicator: its chart, its figures with their places, its breakdowns and revisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

from accounts.models import User
from indicators.check_words import sentence
from indicators.models import (
    PublishedCell,
    Series,
)
from indicators.periods import Period
from indicators.permissions import may_read_reasons
from indicators.queries.comparison import YearComparison, compare
from indicators.queries.figure_charts import chart_of
from indicators.queries.figures import (
    NewestOfSeries,
    ShownFigure,
    any_hidden,
    figures_by_key,
    newest,
    newest_of,
    one_a_period,
)
from indicators.queries.series_titles import read_series_titles
from indicators.states import PeriodKind
from indicators.suppression import Hiding
from recommendations.models import Item
from recommendations.models.cycle import in_reading_language
from ui.dates import supported_language

if TYPE_CHECKING:
    from indicators.judging import Judgement
    from indicators.queries.checks import Judgements
    from indicators.queries.counted import CountedIndicator

#: So many columns of a breakdown fit beside its names.
_MOST_COLUMNS = 9
#: So many revisions are shown, the newest ones.
_MOST_REVISIONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """A figure of the table: how it compares with the year before, and where its source printed it."""

    figure: ShownFigure
    comparison: YearComparison
    places: Sequence[PublishedCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """Figures by one or more dimensions: a row for each value, a column for each period."""

    title: str
    periods: Sequence[Period]
    rows: Sequence[tuple[str, Sequence[ShownFigure | None]]]
    totals: Sequence[ShownFigure | None]

    @property
    def has_withheld(self) -> bool:
        """Whether a number reads “hidden”, so that the page says why."""
        shown = chain(self.totals, *(figures for _name, figures in self.rows))
        return any(figure and figure.hiding == Hiding.WITHHELD for figure in shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A figure that replaced another, and when; the reason only where the reader may know it.

    `has_evidence`: files were cited with it, or with another figure of its period; their class may bound the reason
    (`queries.reasons`).
    """

    figure: ShownFigure
    before: ShownFigure | None
    reason: str
    has_evidence: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FlaggedCheck:
    """What fails or cannot be judged in an indicator's figures, as a sentence, and what its check compares."""

    found: Judgement
    sentence: str
    note: str

    @property
    def outcome_label(self) -> str:
        return str(self.found.outcome.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorFigures:
    """The page of an indicator. `kinds` are the kinds of periods that have figures, `kind` the one that is shown."""

    definition: CountedIndicator
    newest: ShownFigure | None
    comparison: YearComparison | None
    kinds: Sequence[PeriodKind]
    kind: str
    chart: SafeString
    rows: Sequence[FigureRow]
    breakdowns: Sequence[Breakdown]
    revisions: Sequence[Revision]
    has_hidden: bool
    flags: Sequence[FlaggedCheck]
    holding_count: int


def read_indicator_figures(
    definition: CountedIndicator,
    *,
    found: Judgements | None,
    user: User,
    kind: str = "",
    before: datetime | None = None,
) -> IndicatorFigures:
    """Return the page of an indicator as recorded `before` an instant, or as it is now. Four queries at most.

    `found` is what the checks of the page's cycle found. `kind` is the kind of periods asked for; where there are none, that of the newest figure is shown.
    """
    series = newest_of(
        Series.objects.filter(indicator=definition.indicator_id),
        user=user,
        before=before,
        replacements=_MOST_REVISIONS,
    )
    total = _total_of(series)
    kinds = [each for each in PeriodKind if any(one.keys[each] for one in series)]
    kind = _shown_kind(kind, total, kinds)
    revised = _revised(series, user=user)
    keys = {key for each in series for key in each.keys.get(kind, ())}
    figures = figures_by_key(keys.union(*(pair[:2] for pair in revised)), user=user)
    by_series = _by_series(figures, keys)
    totals = by_series.get(_key_of(total), [])
    last = newest(totals)
    own = _judged({each.series_id for each in series}, found)
    return IndicatorFigures(
        definition=definition,
        newest=last,
        comparison=_compared(last, totals),
        kinds=kinds,
        kind=kind,
        chart=chart_of(one_a_period(totals), key="figures", name=definition.name)
        if totals
        else SafeString(""),
        rows=_rows(totals),
        breakdowns=_breakdowns(_names(series), by_series, totals),
        revisions=_revisions(revised, figures),
        has_hidden=any_hidden(figures),
        flags=_flags(own),
        holding_count=len([row for row in own if row.holds]),
    )


def _shown_kind(asked: str, total: NewestOfSeries | None, kinds: Sequence[PeriodKind]) -> str:
    """Return the kind of periods asked for, else that of the newest figure as a whole, else the first of `kinds`."""
    if asked in kinds:
        return asked
    newest_kind = total.newest_kind if total else ""
    return newest_kind or next((kind.value for kind in kinds), "")


def _total_of(series: Iterable[NewestOfSeries]) -> NewestOfSeries | None:
    return next((each for each in series if each.is_total), None)


def _compared(last: ShownFigure | None, totals: Sequence[ShownFigure]) -> YearComparison | None:
    return compare(last, totals) if last else None


def _key_of(total: NewestOfSeries | None) -> int:
    """Return the key of the series; 0, which none has, without it."""
    return total.series_id if total else 0


def _by_series(figures: Iterable[ShownFigure], keys: set[int]) -> dict[int, list[ShownFigure]]:
    """Return the figures with these keys by series."""
    found: dict[int, list[ShownFigure]] = {}
    for figure in figures:
        if figure.figure_id in keys:
            found.setdefault(figure.series_id, []).append(figure)
    return found


def _rows(figures: Sequence[ShownFigure]) -> list[FigureRow]:
    """Return the rows of the table, the newest first. One query."""
    places = printed_in(figure.figure_id for figure in figures)
    newest_first = sorted(figures, key=lambda figure: figure.recency, reverse=True)
    return [
        FigureRow(figure=figure, comparison=compare(figure, figures), places=places.get(figure.figure_id, []))
        for figure in newest_first
    ]


def printed_in(figure_ids: Iterable[int]) -> Mapping[int, Sequence[PublishedCell]]:
    """Return the cells in which sources printed figures, with their tables, by figure. One query."""
    cells = PublishedCell.objects.filter(figure__in=list(figure_ids)).select_related("table")
    found: defaultdict[int, list[PublishedCell]] = defaultdict(list)
    for cell in cells.order_by("table__position", "pk"):
        assert cell.figure_id is not None
        found[cell.figure_id].append(cell)
    return found


@dataclass(frozen=True, slots=True)
class _SeriesName:
    """By what a series is broken down, the values that it has, and their places in lists."""

    title: str
    name: str
    place: tuple[int, ...]


def _names(series: Iterable[NewestOfSeries]) -> dict[int, _SeriesName]:
    """Return the names of the series that are broken down, in the reader's language."""
    language = supported_language()
    return {
        each.series_id: _SeriesName(
            title=" × ".join(value["dimension"][language] for value in each.values),
            name=", ".join(value["name"][language] for value in each.values),
            place=tuple(value["position"] for value in each.values),
        )
        for each in series
        if each.values
    }


def _breakdowns(
    names: Mapping[int, _SeriesName],
    by_series: Mapping[int, Sequence[ShownFigure]],
    totals: Sequence[ShownFigure],
) -> list[Breakdown]:
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for series_id in sorted(names, key=lambda key: (names[key].place, key)):
        if by_series.get(series_id):
            groups[names[series_id].title].append(series_id)
    return [
        _breakdown(title, {names[key].name: _by_days(by_series[key]) for key in ids}, _by_days(totals))
        for title, ids in groups.items()
    ]


def _breakdown(
    title: str, found: Mapping[str, Mapping[Period, ShownFigure]], totals: Mapping[Period, ShownFigure]
) -> Breakdown:
    """Return figures by name of the values and by period."""
    periods = {days: each.period for figures in found.values() for days, each in figures.items()}
    shown = sorted(periods, key=lambda days: days.begins_on or date.min)[-_MOST_COLUMNS:]
    return Breakdown(
        title=title,
        periods=[periods[days] for days in shown],
        rows=[(name, [figures.get(days) for days in shown]) for name, figures in found.items()],
        totals=[totals.get(days) for days in shown],
    )


def _by_days(figures: Sequence[ShownFigure]) -> dict[Period, ShownFigure]:
    """Return one figure a period by its days, however far it was counted."""
    return {_days(each.period): each for each in one_a_period(figures)}


def _days(period: Period) -> Period:
    """Return the period as a key, however far it was counted."""
    return Period(period.kind, period.begins_on, period.ends_on)


def _revised(series: Iterable[NewestOfSeries], *, user: User) -> list[tuple[int, int, str, bool]]:
    """Return the newest replacements: the figure, the one that it replaced, the reason, and whether files were cited.

    Everybody may know why a source's figure was replaced; of an agency's, whoever may read the reasons now.
    """
    found = [each for one in series for each in one.replacements]
    newest_first = sorted(found, key=lambda each: (each["at"], each["figure"]), reverse=True)
    return [
        (
            each["figure"],
            each["replaced"],
            each["reason"] if each["source"] or may_read_reasons(user, each["agency"]) else "",
            each["has_evidence"],
        )
        for each in newest_first[:_MOST_REVISIONS]
    ]


def _revisions(
    revised: Sequence[tuple[int, int, str, bool]], figures: Sequence[ShownFigure]
) -> list[Revision]:
    """Return the revisions, each with the figure before it."""
    shown = {figure.figure_id: figure for figure in figures}
    return [
        Revision(
            figure=shown[pk],
            before=shown.get(replaced),
            reason=reason,
            has_evidence=has_evidence,
        )
        for pk, replaced, reason, has_evidence in revised
        if pk in shown
    ]


def _judged(series_ids: set[int], found: Judgements | None) -> list[Judgement]:
    """Return the judgements that speak of these series."""
    rows = found.rows if found else ()
    return [row for row in rows if any(term.series_id in series_ids for term in row.terms)]


def _flags(rows: Sequence[Judgement]) -> list[FlaggedCheck]:
    """Return what fails, then what cannot be judged."""
    told = sorted((row for row in rows if not row.holds), key=lambda row: not row.fails)
    titles = read_series_titles(told)
    return [
        FlaggedCheck(found=row, sentence=sentence(row, titles), note=in_reading_language(row, "note"))
        for row in told
    ]


def items_by_key(keys: Sequence[int], *, user: User) -> list[Item]:
    """Return the items with these keys that a person may see, those of the newest cycle first. One query at most."""
    found = Item.objects.visible_to(user).filter(pk__in=keys).select_related("cycle")
    return list(found.order_by("-cycle__year", "kind", "number")) if keys else []
