"""What both files of published tables hold: the tables as pages show them, and the words around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from indicators.queries.continued_tables import continue_tables
from indicators.queries.tables import read_printed, read_tables
from reports.errors import EmptySelection

if TYPE_CHECKING:
    from indicators.queries.continued_parts import (
        ContinuedCell,
        ContinuedColumn,
        ContinuedTable,
        ReportedChange,
    )
    from reports.summary.content import SummaryContent

TITLE = gettext_lazy("Published tables")


def tables_of(content: SummaryContent, language: str) -> list[ContinuedTable]:
    """Return the tables of a selection in their order and in a language, read with the reader's rights as at the day.

    Raises `EmptySelection` where none was published by then.
    """
    selection, cycle, reader = content.selection, content.cycle, content.reader
    with override(language):
        tables = [
            table
            for table in read_tables(cycle, user=reader)
            if selection.single_table in ("", table.key) and table.source.loaded_at < selection.before
        ]
        if not tables:
            raise EmptySelection(
                _("No table had been published in this cycle by that day. Nothing was made.")
            )
        return continue_tables(
            read_printed(tables), cycle=cycle, user=reader, on=selection.day, before=selection.before
        )


def heading_words(column: ContinuedColumn) -> str:
    """Return the heading of a column, and below it how far it goes where it is no whole period."""
    return "\n".join(part for part in (column.heading.words, column.part) if part)


def notes_of(table: ContinuedTable, language: str) -> list[str]:
    """Return the footnotes as printed, then those of what was reported, and whether words are MAPO's own."""
    notes = [str(footnote["text"]) for footnote in table.table.footnotes]
    notes += table.notes
    if table.printed.has_own_words:
        with override(language):
            notes.append(
                _("The source does not have all words of this table in this language; MAPO gave them.")
            )
    return notes


def cell_words(cell: ContinuedCell) -> Sequence[str]:
    """Return what stands in a place, a line for each value: 31 (individu); Peningkatan + 174%; 3 (1 of 12 months)."""
    lines = [
        f"{value.note} {value.text}" if value.change is not None else f"{value.text} {value.note}"
        for value in cell.printed
    ]
    lines += [f"{value.text} {note_beside(value.note, value.own_part)}" for value in cell.reported]
    lines += [change_words(change) for change in cell.changes]
    return [line.strip() for line in lines]


def change_words(change: ReportedChange | None) -> str:
    """Return a change as the source prints it, "Peningkatan + 174%"; "not comparable"; "–" where nothing was reported."""
    if change is None:
        return "–"
    return change.text if change.percent is None else f"{change.note} {change.text}".strip()


def note_beside(note: str, own_part: str) -> str:
    """Return what is printed beside a reported number: the source's note, and in brackets how far the number goes."""
    return " ".join(part for part in (note, f"({own_part})" if own_part else "") if part)
