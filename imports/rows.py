"""The rows of a batch: texts by column, as they are read, corrected, stored and sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, Self, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from audit.errors import NotNow
from privacy.detector import find_identities, patterns_mark
from privacy.kinds import count_kinds
from recommendations.states import NARRATIVE_LENGTH
from ui.numbers import number as number_words

#: A batch brings in at most this many updates.
MAX_ROWS = 500

#: Words of the template above and within the table, which reading looks for.
AGENCY, CYCLE, EXAMPLE = gettext_lazy("Agency"), gettext_lazy("Report year"), gettext_lazy("Example")


class ImportColumn(StrEnum):
    """The columns, in the order of the template."""

    ITEM = "item"
    REPORTED_ON = "reported_on"
    STATUS = "status"
    PERCENT = "percent"
    NARRATIVE = "narrative"
    COVERS_FROM = "covers_from"
    COVERS_TO = "covers_to"
    CLASSIFICATION = "classification"


DAY_COLUMNS = (ImportColumn.REPORTED_ON, ImportColumn.COVERS_FROM, ImportColumn.COVERS_TO)

#: Labels of the columns in the template and on pages.
LABELS: dict[ImportColumn, Promise] = {
    ImportColumn.ITEM: pgettext_lazy("column", "Item"),
    ImportColumn.REPORTED_ON: pgettext_lazy("column", "Reported on"),
    ImportColumn.STATUS: pgettext_lazy("column", "Status"),
    ImportColumn.PERCENT: pgettext_lazy("column", "Percentage"),
    ImportColumn.NARRATIVE: pgettext_lazy("column", "What was done"),
    ImportColumn.COVERS_FROM: pgettext_lazy("column", "Covers from"),
    ImportColumn.COVERS_TO: pgettext_lazy("column", "Covers to"),
    ImportColumn.CLASSIFICATION: pgettext_lazy("column", "Classification"),
}


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """One row. `number` is its own in the draft and never given again; `line` is its line in the file.

    `cells` are the texts by column, right or wrong; checks read them anew each time. `marks` hold by column what a text
    cannot say (see `workbook_process`). `by` is the id of the person who wrote or changed the row last; `revision` counts
    its changes, so that nobody overwrites a colleague's text unseen.
    """

    number: int
    line: int
    cells: Mapping[str, str]
    marks: Mapping[str, str] = field(default_factory=dict)
    is_left_out: bool = False
    by: int = 0
    revision: int = 0

    def text(self, column: str) -> str:
        """Return the text of a cell; empty where there is none."""
        return self.cells.get(column, "")

    def corrected(self, cells: Mapping[str, str], *, by: int) -> Self:
        """Return the row with other cells. A mark stays only with unchanged text."""
        marks = {name: mark for name, mark in self.marks.items() if cells.get(name) == self.cells.get(name)}
        return replace(self, cells=dict(cells), marks=marks, by=by, revision=self.revision + 1)

    def left_out(self, is_left_out: bool) -> Self:
        """Return the row, left out of what will be taken or taken in again."""
        return replace(self, is_left_out=is_left_out, revision=self.revision + 1)


@dataclass(frozen=True, kw_only=True)
class ImportRow(TableRow):
    """One row of an opening import. `examined` holds what the description seemed to identify when it was written, by
    kind, and the mark of the patterns that looked.
    """

    examined: Mapping[str, Any] = field(default_factory=dict)

    def corrected(self, cells: Mapping[str, str], *, by: int) -> Self:
        """Return the row with other cells, examined anew."""
        return super().corrected(cells, by=by).with_examined()

    def with_examined(self) -> Self:
        """Return the row with what its description seems to identify; a text that is too long waits for correction."""
        narrative = self.text(ImportColumn.NARRATIVE)
        if len(narrative) > NARRATIVE_LENGTH:
            return replace(self, examined={})
        counts = count_kinds(find_identities(narrative))
        return replace(self, examined={"patterns": patterns_mark(), "counts": counts})

    @property
    def identity_counts(self) -> Mapping[str, int]:
        """How much of which kind the description seems to identify. Looks again only if other patterns looked before."""
        if self.examined.get("patterns") == patterns_mark():
            counts: Mapping[str, int] = self.examined["counts"]
            return counts
        return count_kinds(find_identities(self.text(ImportColumn.NARRATIVE)))


class BatchRow:
    """A row with its meaning. What could not be read is empty, and `problems` says why; one that is left out has none."""

    typed: TableRow
    problems: Collection[Any]

    @property
    def is_good(self) -> bool:
        return not self.problems and not self.typed.is_left_out

    @property
    def page_order(self) -> Any:
        """Sort key among the good rows of a page."""
        return self.typed.number


Row = TypeVar("Row", bound=BatchRow)


@dataclass(frozen=True, kw_only=True)
class BatchRows(Generic[Row]):
    """The rows of a batch as they are now: to correct, good, and left out."""

    rows: Sequence[Row]

    @cached_property
    def wrong(self) -> list[Row]:
        return [row for row in self.rows if row.problems]

    @cached_property
    def good(self) -> list[Row]:
        return sorted((row for row in self.rows if row.is_good), key=lambda row: row.page_order)

    @cached_property
    def left_out(self) -> list[Row]:
        return [row for row in self.rows if row.typed.is_left_out]

    @property
    def in_order(self) -> list[Row]:
        """Return all rows, those to correct first."""
        return [*self.wrong, *self.good, *self.left_out]

    @property
    def is_ready(self) -> bool:
        """Whether the batch can be taken over, all of it at once."""
        return bool(self.good) and not self.wrong

    @property
    def summary(self) -> str:
        """Return a line such as "14 rows: 11 ready, 3 to correct"."""
        counts = {"count": number_words(len(self.rows))}
        rows = ngettext("%(count)s row", "%(count)s rows", len(self.rows)) % counts
        parts = (
            (self.good, _("%(count)s ready")),
            (self.wrong, _("%(count)s to correct")),
            (self.left_out, _("%(count)s left out")),
        )
        told = ", ".join(words % {"count": number_words(len(found))} for found, words in parts if found)
        return f"{rows}: {told}"

    def row(self, number: int) -> Row | None:
        return next((row for row in self.rows if row.typed.number == number), None)

    def require_ready(self, *, nothing: str, wrong: str) -> None:
        """Raise `NotNow` unless the batch can be taken over: `nothing` where no row is left, `wrong` with %(lines)s."""
        if self.wrong:
            lines = ", ".join(str(row.typed.line) for row in self.wrong[:10])
            raise NotNow(wrong % {"lines": lines})
        if not self.good:
            raise NotNow(nothing)


def stored(rows: Iterable[TableRow]) -> list[dict[str, Any]]:
    """Return the rows as the database stores them."""
    return [dict(vars(row)) for row in rows]


def restored(facts: Iterable[Mapping[str, Any]]) -> list[ImportRow]:
    """Return the rows from what the database stores."""
    return [ImportRow(**each) for each in facts]
