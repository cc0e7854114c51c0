"""Finds everything printed in the source's text: each value on its line, from left to right, and every heading."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from cycles.file import ProblemList
from indicators.file.entries import (
    CellEntry,
    FiguresFile,
    FootnoteEntry,
    HeadingEntry,
    SourceEntry,
    TableEntry,
)

#: A note may stand on a line or two before its value, and run over some lines after it.
_LINES_BEFORE, _LINES_AFTER = 2, 4


def check_places(figures: FiguresFile, problems: ProblemList) -> None:
    """Add a problem for each printed thing that the source's text does not have where the file says."""
    places = _Places(figures.source, problems)
    for table, following in zip(figures.tables, (*figures.tables[1:], None), strict=True):
        places.check_table(table, ends=following.source_line if following else len(figures.source.lines))


class _Places:
    """The source's text, and how far each of its lines has been read."""

    def __init__(self, source: SourceEntry, problems: ProblemList) -> None:
        self.lines = source.lines
        self.problems = problems
        self.read_to: dict[int, int] = {}

    def check_table(self, table: TableEntry, *, ends: int) -> None:
        for cell in table.cells:
            self._check_cell(cell)
        for footnote in table.footnotes:
            self._check_footnote(footnote)
        first_line = min([table.source_line, *(cell.source_line for cell in table.cells)])
        text = _squeezed("".join(self.lines[first_line - 1 : ends]))
        for heading in table.headings:
            self._check_heading(heading, text)

    def _check_cell(self, cell: CellEntry) -> None:
        line = self._line(cell.source_line)
        found = re.compile(rf"(?<![0-9.,]){re.escape(cell.text)}(?![.,]?[0-9])").search(
            line, self.read_to.get(cell.source_line, 0)
        )
        if found is None:
            words = {"text": cell.text, "line": cell.source_line}
            self.problems.add(
                cell.line, _("Line %(line)s of the source does not have “%(text)s” here.") % words
            )
            return
        self.read_to[cell.source_line] = found.end()
        around = self.lines[max(cell.source_line - 1 - _LINES_BEFORE, 0) : cell.source_line + _LINES_AFTER]
        if _squeezed(cell.note) not in _squeezed("".join(around)):
            words = {"text": cell.note, "line": cell.source_line}
            self.problems.add(cell.line, _("The source does not have “%(text)s” near line %(line)s.") % words)

    def _check_footnote(self, footnote: FootnoteEntry) -> None:
        if footnote.text and self._line(footnote.source_line).strip() != footnote.text:
            words = {"text": footnote.text, "line": footnote.source_line}
            self.problems.add(footnote.line, _("Line %(line)s of the source is not “%(text)s”.") % words)

    def _check_heading(self, heading: HeadingEntry, text: str) -> None:
        """Expect the heading in the table's text, or (where headings stand below each other) each word of it."""
        for printed in heading.printed:
            if _squeezed(printed) not in text and not all(word in text for word in printed.split()):
                self.problems.add(
                    heading.line,
                    _("The source does not print “%(text)s” in this table. Mark it as own.")
                    % {"text": printed},
                )

    def _line(self, number: int) -> str:
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


def _squeezed(text: str) -> str:
    """Return a text without white space: the source breaks words over lines."""
    return "".join(text.split())
