"""What a published table consists of that is continued by what agencies reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.printed_style import NumberStyle, change_text

if TYPE_CHECKING:
    from indicators.headings import Heading
    from indicators.models import PublishedTable
    from indicators.periods import Period
    from indicators.queries.reported_sums import ReportedSum
    from indicators.queries.tables import PrintedTable, PrintedValue


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedChange:
    """How a reported number changed from the one a year before, as the source prints changes, or why nobody can say."""

    percent: int | None = None
    reason: str = ""

    @property
    def text(self) -> str:
        return _("not comparable") if self.percent is None else change_text(self.percent)

    @property
    def note(self) -> str:
        """What is printed beside a change: whether it is an increase; of what is not compared the reason."""
        if self.percent is None:
            return self.reason
        if not self.percent:
            return ""
        return pgettext("change", "Increase") if self.percent > 0 else pgettext("change", "Decrease")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedValue:
    """A number of a continued column: what agencies reported of the indicator, or that they reported nothing (`found` None).

    `text` is the number as the table prints numbers, "–" where nothing was reported, or what stands for a hidden one. `note` is printed beside the value of the same series in the column that is continued, `own_part` how far this number
    goes where it goes less far than its column.
    """

    code: str
    text: str
    note: str
    style: NumberStyle
    found: ReportedSum | None
    change: ReportedChange | None = None
    own_part: str = ""

    @property
    def is_hidden(self) -> bool:
        return self.found is not None and self.found.value is None

    @property
    def is_partial(self) -> bool:
        """Whether months of the period are missing; a stock has none."""
        return self.found is not None and not self.found.is_stock and not self.found.is_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuedColumn:
    """A column: one that the source printed (`printed` is its number), or the next `period` of one as agencies reported it,
    or (neither) the changes to that.

    `furthest` is what goes furthest of a reported column, where anything was reported but stocks.
    """

    heading: Heading
    group: Heading | None
    printed: int | None = None
    period: Period | None = None
    furthest: ReportedSum | None = None

    @property
    def part(self) -> str:
        """How far a reported column goes: 5 of 12 months; "" for a whole period, and where nothing was reported."""
        return self.furthest.part if self.furthest else ""

    @property
    def is_reported(self) -> bool:
        return self.period is not None

    @property
    def is_as_printed(self) -> bool:
        return self.printed is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuedCell:
    """What stands in a place; of the three only what its column has."""

    column: ContinuedColumn
    printed: Sequence[PrintedValue] = ()
    reported: Sequence[ReportedValue] = ()
    changes: Sequence[ReportedChange | None] = ()

    @property
    def is_partial(self) -> bool:
        """Whether a number of it lacks months of its period."""
        return any(value.is_partial for value in self.reported)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuedTable:
    """A published table as printed, and continued. `notes` are the footnotes of what was reported."""

    printed: PrintedTable
    columns: Sequence[ContinuedColumn]
    rows: Sequence[tuple[Heading, Sequence[ContinuedCell]]]
    notes: Sequence[str] = ()

    @property
    def table(self) -> PublishedTable:
        return self.printed.table

    @property
    def groups(self) -> list[tuple[Heading | None, int]]:
        """The headings above several columns, each with the number of its columns."""
        return [(group, len(list(run))) for group, run in groupby(column.group for column in self.columns)]

    @property
    def reported(self) -> list[ReportedValue]:
        """Every number of its reported columns."""
        return [value for _heading, cells in self.rows for cell in cells for value in cell.reported]

    @property
    def is_continued(self) -> bool:
        """Whether it has a reported column; a table of what agencies do not count has none."""
        return any(column.is_reported for column in self.columns)

    @property
    def has_changes(self) -> bool:
        """Whether changes have a column of their own."""
        return any(not column.is_as_printed and not column.is_reported for column in self.columns)

    @property
    def has_reported(self) -> bool:
        """Whether anything was reported."""
        return any(value.found for value in self.reported)

    @property
    def has_hidden(self) -> bool:
        return any(value.is_hidden for value in self.reported)
