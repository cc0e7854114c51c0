"""The figures of a summary: indicators, targets and contradictions are read at once, figures indicator by indicator.

Figures of a cycle are those that its sources printed, and those that agencies reported for periods of its window. All
are read by `read_figures` with the reader's eyes, so a number that pages do not show stands in no row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q

from accounts.clearance import Clearance
from indicators.models import (
    Check,
    Figure,
    IndicatorItemVersion,
    IndicatorVersion,
    PublishedCell,
    Series,
    SeriesValue,
    Source,
    Target,
)
from indicators.models.figure import FigureQuerySet
from indicators.models.target import TargetQuerySet
from indicators.permissions import may_read_pace
from indicators.queries.checks import judge_cycle
from indicators.queries.counted import CountedIndicator, read_counted
from indicators.queries.figures import ShownFigure, figures_for, newest, read_figures
from indicators.queries.indicator_figures import printed_in
from indicators.queries.pace import read_pace
from indicators.queries.series_titles import read_series_titles
from recommendations.states import Pillar
from reports.states import WITH_FIGURES, WITH_KEY_FIGURES
from reports.summary.figure_rows import (
    FigureNews,
    ReportedCheck,
    ReportedFigure,
    ReportedIndicator,
    ReportedTarget,
    SeriesName,
    json_number,
)

if TYPE_CHECKING:
    from indicators.judging import Judgement
    from indicators.titles import Titles
    from reports.summary.content import SummaryContent

_PILLARS = [*Pillar.values, ""]


class FigureCounts(NamedTuple):
    """How many rows about figures a summary holds."""

    indicators: int
    targets: int
    checks: int
    figures: int


class SummaryFigures:
    """What a summary holds of figures: of the indicators that fit its pillar, its agency and its item.

    At the depth of one page only the newest figure of each indicator as a whole, without targets and checks. All are those
    of the day, whole: `since` leaves out none, `news_of` says which are new.
    """

    def __init__(self, content: SummaryContent) -> None:
        self._content, self._before = content, content.selection.before
        depth = content.selection.depth
        self.is_whole = depth in WITH_FIGURES
        self._is_held = self.is_whole or depth in WITH_KEY_FIGURES

    @cached_property
    def counted(self) -> list[CountedIndicator]:
        """The indicators in use on the day, by pillar, as pages order them (two queries; none at depths without figures)."""
        if not self._is_held:
            return []
        known = read_counted(user=self._content.reader, before=self._before)
        return sorted(filter(self._fits, known), key=lambda each: _PILLARS.index(each.pillar))

    @cached_property
    def indicators(self) -> tuple[ReportedIndicator, ...]:
        """The same as rows."""
        return tuple(self._indicator(each) for each in self.counted)

    @cached_property
    def targets(self) -> tuple[ReportedTarget, ...]:
        """The targets that held on the day, in the order of the indicators (four queries for each whose pace is told)."""
        if not self.is_whole:
            return ()
        by_indicator = {target.indicator_id: target for target in self._targets().select_related("indicator")}
        return tuple(
            self._target(by_indicator[each.indicator_id], each)
            for each in self.counted
            if each.indicator_id in by_indicator
        )

    @cached_property
    def checks(self) -> tuple[ReportedCheck, ...]:
        """What fails or cannot be judged in these indicators, in the order in which checks are declared (five queries)."""
        if not self.is_whole:
            return ()
        found = judge_cycle(self._content.cycle, user=self._content.reader, before=self._before)
        rows = [row for row in found.rows if not row.holds]
        told = self._about_these(rows)
        places = self._places_of_checks([row for row, _ids in told])
        titles = read_series_titles([row for row, _ids in told], self._before)
        return tuple(
            self._check(row, indicator_ids, places.get(row.check_id, ""), titles)
            for row, indicator_ids in told
        )

    def _about_these(self, rows: Sequence[Judgement]) -> list[tuple[Judgement, set[int]]]:
        """Return the judgements about these indicators, each with those that it is about (one query)."""
        series_ids = {term.series_id for row in rows for term in row.terms}
        of_series = dict(Series.objects.filter(pk__in=series_ids).values_list("pk", "indicator_id"))
        own = [(row, {of_series[term.series_id] for term in row.terms} & self._ids) for row in rows]
        return [(row, indicator_ids) for row, indicator_ids in own if indicator_ids]

    def stream(self) -> Iterator[ReportedFigure]:
        """Yield the figures, indicator by indicator: the whole first, each series by time. Four queries an indicator."""
        for each in self.counted:
            figures = read_figures(self._figures_of(each.indicator_id), user=self._content.reader)
            yield from self._rows(figures if self.is_whole else _newest_alone(figures), each)

    def count(self) -> FigureCounts:
        """Return how many rows there are of each kind, without reading figures and paces (two queries besides checks)."""
        if not self.counted:
            return FigureCounts(0, 0, 0, 0)
        figures = self._standing().filter(series__indicator__in=self._ids)
        if not self.is_whole:
            wholes = figures.filter(series__key="").values("series").distinct()
            return FigureCounts(len(self.counted), 0, 0, wholes.count())
        return FigureCounts(len(self.counted), self._targets().count(), len(self.checks), figures.count())

    def count_givers(self) -> dict[str, tuple[int, int]]:
        """Return how many figures of each indicator a source printed, and how many agencies reported, by code (one query)."""
        printed, reported = Count("pk", filter=~Q(source=None)), Count("pk", filter=Q(source=None))
        found = self._standing().filter(series__indicator__in=self._ids).values("series__indicator__code")
        counted = found.annotate(printed=printed, reported=reported).order_by()
        rows = counted.values_list("series__indicator__code", "printed", "reported")
        return {code: (printed_count, reported_count) for code, printed_count, reported_count in rows}

    def news_of(self, figure: ReportedFigure) -> FigureNews | None:
        """Return what became of a figure after the day `since` of the selection; None where it stood then, or without one."""
        after = self._content.selection.after
        if after is None or figure.recorded_at < after:
            return None
        return FigureNews.REVISED if figure.number in self._revised_ids else FigureNews.NEW

    @cached_property
    def _revised_ids(self) -> frozenset[int]:
        """The figures of which another number stood at the end of the day `since` (one query)."""
        after = self._content.selection.after
        if after is None:
            return frozenset()
        same = {name: OuterRef(name) for name in ("series", "period_kind", "begins_on", "ends_on")}
        # Only what agencies reported is revised.
        then = Figure.objects.as_at(after).filter(source=None, **same)
        found = self._standing().filter(Exists(then), source=None, recorded_at__gte=after)
        return frozenset(found.values_list("pk", flat=True))

    @cached_property
    def series(self) -> dict[int, SeriesName]:
        """By what each series of these indicators is broken down, by its id (two queries)."""
        named: defaultdict[int, list[tuple[str, str, int]]] = defaultdict(list)
        links = SeriesValue.objects.filter(series__indicator__in=self._ids).order_by("value__dimension__code")
        columns = ("series_id", "value__name_ms", "value__name_en", "value__position")
        for series_id, name_ms, name_en, position in links.values_list(*columns):
            named[series_id].append((name_ms, name_en, position))
        found = {}
        for pk, key in Series.objects.filter(indicator__in=self._ids).values_list("pk", "key"):
            names_ms, names_en, places = zip(*named[pk], strict=True) if named[pk] else ((), (), ())
            found[pk] = SeriesName(key, ", ".join(names_ms), ", ".join(names_en), places)
        return found

    @cached_property
    def series_names(self) -> dict[str, SeriesName]:
        """The same by the codes of their values."""
        return {name.key: name for name in self.series.values()}

    @cached_property
    def by_code(self) -> dict[str, ReportedIndicator]:
        return {each.code: each for each in self.indicators}

    @cached_property
    def sources(self) -> dict[int, Source]:
        """The documents that printed figures of the cycle, by id, without their bytes and texts (one query)."""
        found = Source.objects.filter(cycle=self._content.cycle, loaded_at__lt=self._before)
        return {source.pk: source for source in found.defer("content", "text")}

    @cached_property
    def source_by_code(self) -> dict[str, Source]:
        return {source.code: source for source in self.sources.values()}

    @cached_property
    def _ids(self) -> set[int]:
        return {each.indicator_id for each in self.counted}

    @cached_property
    def _items_of(self) -> dict[int, set[int]]:
        """The items of the cycle to which each indicator spoke on the day (one query)."""
        held = IndicatorItemVersion.objects.as_at(self._before).filter(item__cycle=self._content.cycle)
        found: defaultdict[int, set[int]] = defaultdict(set)
        for indicator_id, item_id in held.values_list("indicator_id", "item_id"):
            found[indicator_id].add(item_id)
        return found

    @cached_property
    def _answering(self) -> dict[int, list[tuple[datetime, int | None]]]:
        """From when which agency answered for each indicator, the oldest first (one query)."""
        found: defaultdict[int, list[tuple[datetime, int | None]]] = defaultdict(list)
        rows = IndicatorVersion.objects.filter(indicator__in=self._ids).order_by("began_at", "pk")
        for indicator_id, began_at, agency_id in rows.values_list("indicator_id", "began_at", "agency_id"):
            found[indicator_id].append((began_at, agency_id))
        return found

    def _fits(self, each: CountedIndicator) -> bool:
        content, selection = self._content, self._content.selection
        return (
            selection.pillar in ("", each.pillar)
            and (not selection.agency or each.agency_id in content.agency_ids)
            and (
                not content.is_of_items or bool(self._items_of[each.indicator_id] & content.item_keys.keys())
            )
        )

    def _standing(self) -> FigureQuerySet:
        """Return the figures of the cycle that stood at the end of the day."""
        content = self._content
        first, last = content.dates.window_start, content.dates.window_end
        reported = Q(source=None, begins_on__gte=first, ends_on__lte=last)
        found = figures_for(content.reader, before=self._before)
        return found.filter(Q(source__cycle=content.cycle) | reported)

    def _targets(self) -> TargetQuerySet:
        held = Target.objects.visible_to(self._content.reader).as_at(self._before)
        return held.filter(cycle=self._content.cycle, indicator__in=self._ids)

    def _figures_of(self, indicator_id: int) -> FigureQuerySet:
        figures = self._standing().filter(series__indicator=indicator_id)
        return figures if self.is_whole else figures.filter(series__key="")

    def _rows(self, figures: Sequence[ShownFigure], counted: CountedIndicator) -> Iterator[ReportedFigure]:
        """Yield the figures of an indicator as rows, in their order."""
        printed = [figure.figure_id for figure in figures if not figure.is_reported]
        places = printed_in(printed) if printed else {}
        for figure in sorted(figures, key=self._order):
            cells = places.get(figure.figure_id)
            yield self._figure(figure, counted, cells[0] if cells else None)

    def _order(self, figure: ShownFigure) -> tuple[object, ...]:
        name, period = self.series[figure.series_id], figure.period
        begins_on, ends_on = period.begins_on or date.min, period.ends_on or date.min
        return (len(name.place), name.place, name.key, begins_on, ends_on, figure.figure_id)

    def _figure(
        self, figure: ShownFigure, counted: CountedIndicator, cell: PublishedCell | None
    ) -> ReportedFigure:
        period, source = figure.period, self.sources.get(figure.source_id or 0)
        return ReportedFigure(
            number=figure.figure_id,
            indicator=counted.code,
            series=self.series[figure.series_id].key,
            period_kind=period.kind,
            begins_on=period.begins_on,
            ends_on=period.ends_on,
            is_partial=period.is_partial,
            counted_to=period.counted_to,
            text="" if figure.value is None else figure.text,
            value=None if figure.value is None else json_number(figure.value),
            hiding=figure.hiding.value if figure.hiding else "",
            source=source.code if source else "",
            table=cell.table.key if cell else "",
            line=cell.line if cell else None,
            agency="" if source else self._giver(counted.indicator_id, figure.recorded_at),
            recorded_at=figure.recorded_at,
        )

    def _giver(self, indicator_id: int, recorded_at: datetime) -> str:
        """Return the code of the agency that answered for an indicator when a figure was recorded; empty without one."""
        known = self._answering[indicator_id]
        held = [agency_id for began_at, agency_id in known if began_at <= recorded_at] or [known[0][1]]
        return self._code(held[-1])

    def _code(self, agency_id: int | None) -> str:
        agency = self._content.agencies.get(agency_id or 0)
        return agency.code if agency else ""

    def _indicator(self, each: CountedIndicator) -> ReportedIndicator:
        keys = self._content.all_keys
        return ReportedIndicator(
            code=each.code,
            name_ms=each.name_ms,
            name_en=each.name_en,
            is_own_name_ms=each.is_own_name_ms,
            is_own_name_en=each.is_own_name_en,
            unit=each.unit,
            basis_ms=each.basis_ms,
            basis_en=each.basis_en,
            pillar=each.pillar,
            agency=self._code(each.agency_id),
            is_stock=each.is_stock,
            counts_victims=each.counts_victims,
            items=tuple(key for pk, key in keys.items() if pk in self._items_of[each.indicator_id]),
        )

    @property
    def _tells_restricted(self) -> bool:
        """Whether what only an agency and MAPO know lies within the ceiling."""
        return self._content.reader.clearance >= Clearance.RESTRICTED

    def _target(self, target: Target, counted: CountedIndicator) -> ReportedTarget:
        content = self._content
        target.cycle = content.cycle
        is_told = self._tells_restricted and may_read_pace(content.reader, target.indicator)
        day = content.selection.day
        return ReportedTarget(
            indicator=counted.code,
            unit=counted.unit,
            number=target.number,
            due_on=target.due_on,
            reason=target.reason if is_told else "",
            pace=read_pace(target, counted, day=day, is_past=True) if is_told else None,
        )

    def _places_of_checks(self, rows: Sequence[Judgement]) -> dict[int, str]:
        """Return the key of the table under which each check is listed, by its id (two queries)."""
        checks = Check.objects.filter(pk__in={row.check_id for row in rows}, printed__isnull=False)
        found = dict(checks.values_list("pk", "printed__table__key"))
        printed = [row for row in rows if row.source_id and row.check_id not in found]
        firsts = {row.check_id: row.terms[0].figure_id for row in printed}
        cells = printed_in(pk for pk in firsts.values() if pk is not None)
        return found | {check: cells[pk][0].table.key for check, pk in firsts.items() if pk and cells.get(pk)}

    def _check(self, row: Judgement, indicator_ids: set[int], table: str, titles: Titles) -> ReportedCheck:
        source = self.sources.get(row.source_id or 0)
        codes = [each.code for each in self.counted if each.indicator_id in indicator_ids]
        found = ReportedCheck(
            found=row,
            titles=titles,
            source=source.code if source else "",
            table=table if source else "",
            claim=self._content.all_keys.get(row.claim_id or 0, ""),
            indicators=tuple(codes),
            figures=_figures_of_check(row),
            marked=tuple(sorted(row.marked_figure_ids)),
        )
        given = row.explanation
        if given is None or not (source or self._tells_restricted):
            return found
        by = given.given_by or ""
        return replace(found, explanation=given.text, explained_at=given.given_at, explained_by=by)


def _figures_of_check(row: Judgement) -> tuple[int, ...]:
    """Return the ids of the figures that a check compares, each once."""
    return tuple(dict.fromkeys(term.figure_id for term in row.terms if term.figure_id is not None))


def _newest_alone(figures: Sequence[ShownFigure]) -> list[ShownFigure]:
    """Return the figure that was counted last, alone; none where there is none."""
    last = newest(figures)
    return [last] if last else []
