"""What taking a workbook over would change, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ui.numbers import number

if TYPE_CHECKING:
    from indicators.queries.month_rules import MonthJudgement
    from indicators.queries.workbook_rows import HeldMonth, WorkbookDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthChange:
    """What taking over changes in a month.

    `notes` is said of figures of the month of which the workbook has no row, such as a total typed before: label and words.
    """

    held: HeldMonth
    new_count: int
    replaced_count: int
    same_count: int
    notes: list[tuple[str, str]]

    @property
    def words(self) -> str:
        """Return words such as "12 new, 1 replaces what is typed, 3 unchanged"."""
        parts = (
            (self.new_count, _("%(count)s new")),
            (self.replaced_count, _("%(count)s replaced")),
            (self.same_count, _("%(count)s unchanged")),
        )
        return ", ".join(words % {"count": number(count)} for count, words in parts if count)


def month_changes(draft: WorkbookDraft, judged: Mapping[date, MonthJudgement]) -> list[MonthChange]:
    """Return what changes in each month; what was judged in it stands at its rows."""
    return [_change(draft, month, judged[month]) for month in draft.held]


def _change(draft: WorkbookDraft, month: date, judged: MonthJudgement) -> MonthChange:
    notes = judged.notes
    rows = [row for row in draft.good if row.month == month]
    for row in rows:
        row.notes.extend(notes.pop(row.cell, []))
    held = draft.held[month]
    labels = {name: cell.label for name, cell in held.sheet.cells.items() if name in notes}
    replaced = sum(row.is_replacing for row in rows)
    changed = sum(row.is_change for row in rows)
    return MonthChange(
        held=held,
        new_count=changed - replaced,
        replaced_count=replaced,
        same_count=len(rows) - changed,
        notes=[(labels.get(name, ""), words) for name, told in notes.items() for words in told],
    )
