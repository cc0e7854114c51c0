"""A source's text line by line, beside the tables that were printed there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indicators.models import PublishedCell, PublishedTable, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A line of the text with its number (from 1), and the tables of which a value stands in it."""

    number: int
    text: str
    tables: Sequence[PublishedTable]

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """The page of a source: its lines, and its tables in their order with the number of values that each prints."""

    source: Source
    lines: Sequence[SourceLine]
    tables: Sequence[tuple[PublishedTable, int]]
    value_count: int


def read_source(source: Source) -> SourcePage:
    """Return the page of a source. Two queries."""
    tables = {table.pk: table for table in source.tables.all()}
    cells = list(PublishedCell.objects.filter(table__source=source).values_list("line", "table_id"))
    counts = dict.fromkeys(tables, 0)
    at_line: dict[int, dict[int, PublishedTable]] = {}
    for line, table_id in cells:
        counts[table_id] += 1
        at_line.setdefault(line, {})[table_id] = tables[table_id]
    return SourcePage(
        source=source,
        lines=_lines(source.text, at_line),
        tables=[(table, counts[table.pk]) for table in tables.values()],
        value_count=len(cells),
    )


def _lines(text: str, at_line: Mapping[int, Mapping[int, PublishedTable]]) -> list[SourceLine]:
    lines = text.removesuffix("\n").split("\n")
    return [
        SourceLine(number=number, text=line.rstrip("\r"), tables=list(at_line.get(number, {}).values()))
        for number, line in enumerate(lines, start=1)
    ]
