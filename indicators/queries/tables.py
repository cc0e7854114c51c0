"""Published tables as a source printed them, each value with its place in the source's text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Count

from accounts.models import User
from indicators.check_words import sentence
from indicators.headings import Heading, heading_of
from indicators.judging import Judgement, weightiest
from indicators.models import PublishedCell, PublishedTable
from indicators.queries.checks import Judgements
from indicators.queries.series_titles import read_series_titles
from indicators.titles import Titles
from recommendations.models import Cycle


@dataclass(frozen=True, slots=True)
class CellFlag:
    """What a check found about a printed value, and its sentence."""

    found: Judgement
    words: str

    @property
    def outcome_label(self) -> str:
        return str(self.found.outcome.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedValue:
    """One printed value: its text, what is printed beside it, and the line of the source where it stands.

    `flag` is what weighs most of what checks found about it.
    """

    cell_id: int
    figure_id: int | None
    text: str
    note: str
    line: int
    change: Decimal | None
    value: Decimal | None = None
    flag: CellFlag | None = None

    @property
    def is_mark(self) -> bool:
        """Whether it is a mark such as a dash: neither a figure nor a printed change."""
        return self.figure_id is None and self.change is None


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row: its heading, and in each column the values that stand there."""

    heading: Heading
    places: Sequence[Sequence[PrintedValue]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTable:
    """A table as printed. `groups` are headings above several columns, each with the number of its columns; `stub` is the
    heading above those of the rows, if one is printed."""

    table: PublishedTable
    cells: Sequence[PublishedCell]
    stub: Heading | None
    groups: Sequence[tuple[Heading | None, int]]
    columns: Sequence[Heading]
    rows: Sequence[PrintedRow]

    @property
    def has_groups(self) -> bool:
        return any(heading for heading, _span in self.groups)

    @property
    def has_own_words(self) -> bool:
        """Whether any of its words are MAPO's own, so that the page says so."""
        groups = [heading for heading, _span in self.groups if heading]
        stub = [self.stub] if self.stub else []
        headings = [*groups, *stub, *self.columns, *(row.heading for row in self.rows)]
        return self.table.is_own_title or any(heading.is_own for heading in headings)


def read_printed(tables: Sequence[PublishedTable], *, found: Judgements | None = None) -> list[PrintedTable]:
    """Return tables with their values, flagged with what the checks of their cycle `found`. One query, however many."""
    rows = PublishedCell.objects.filter(table__in=[table.pk for table in tables])
    wholly = rows.select_related("figure__series__indicator").defer(
        "figure__series__indicator__basis_ms", "figure__series__indicator__basis_en"
    )
    cells: defaultdict[int, list[PublishedCell]] = defaultdict(list)
    for cell in wholly:
        cells[cell.table_id].append(cell)
    return [_printed(table, cells[table.pk], found) for table in tables]


def _printed(table: PublishedTable, cells: Sequence[PublishedCell], found: Judgements | None) -> PrintedTable:
    at: dict[tuple[int, int], list[PrintedValue]] = {}
    about = found.by_cell((cell.pk, cell.figure_id) for cell in cells) if found else {}
    heaviest = {pk: row for pk, rows in about.items() if (row := weightiest(rows))}
    titles = read_series_titles(heaviest.values())
    for cell in cells:
        flag = _flag(heaviest.get(cell.pk), titles)
        at.setdefault((cell.row, cell.column), []).append(_value(cell, flag))
    return PrintedTable(
        table=table,
        cells=cells,
        stub=heading_of(table.stub) if table.stub else None,
        groups=_groups(table.columns),
        columns=[heading_of(each) for each in table.columns],
        rows=[
            PrintedRow(
                heading_of(each),
                [at.get((row, column), []) for column in range(len(table.columns))],
            )
            for row, each in enumerate(table.rows)
        ],
    )


def read_tables(cycle: Cycle, *, user: User) -> list[PublishedTable]:
    """Return the tables of a cycle's sources in their order, each with its `value_count`. One query."""
    tables = PublishedTable.objects.visible_to(user).filter(source__cycle=cycle).select_related("source")
    return list(
        tables.defer("source__content", "source__text")
        .annotate(value_count=Count("cells"))
        .order_by("source__published_on", "source", "position")
    )


def _flag(found: Judgement | None, titles: Titles) -> CellFlag | None:
    return CellFlag(found, sentence(found, titles)) if found else None


def _value(cell: PublishedCell, flag: CellFlag | None) -> PrintedValue:
    return PrintedValue(
        cell_id=cell.pk,
        figure_id=cell.figure_id,
        text=cell.text,
        note=cell.note,
        line=cell.line,
        change=cell.change,
        value=cell.figure.value if cell.figure else None,
        flag=flag,
    )


def _groups(columns: Sequence[Mapping[str, Any]]) -> list[tuple[Heading | None, int]]:
    """Return the headings above the columns, each with the number of columns in a row that share it."""
    runs = groupby(columns, key=lambda column: column.get("group"))
    return [(heading_of(group) if group else None, len(list(run))) for group, run in runs]
