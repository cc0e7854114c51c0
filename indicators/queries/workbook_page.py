"""A workbook as its page shows it: rows to correct first, then what would change, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ui.numbers import number

if TYPE_CHECKING:
    from indicators.queries.month_rules import MonthJudgement
    from indicators.queries.workbook_rows import CheckedFigure, HeldMonth, WorkbookDraft


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


@dataclass(frozen=True, slots=True)
class WorkbookPage:
    """The page of a workbook."""

    draft: WorkbookDraft
    months: list[MonthChange]

    @classmethod
    def of(cls, draft: WorkbookDraft, judged: Mapping[date, MonthJudgement]) -> WorkbookPage:
        """Return the page; what was judged in each month stands at its rows."""
        return cls(draft, [_change(draft, month, judged[month]) for month in draft.held])

    @property
    def in_order(self) -> list[CheckedFigure]:
        """Return all rows: those to correct, those that replace something, the others, those that are left out."""
        good = sorted(self.draft.good, key=lambda row: not row.is_replacing)
        return [*self.draft.wrong, *good, *self.draft.left_out]

    @property
    def can_be_taken(self) -> bool:
        return bool(self.draft.good) and not self.draft.wrong

    @property
    def summary(self) -> str:
        """Return a line such as "14 rows: 12 ready, 2 to correct"."""
        draft = self.draft
        counts = {"count": number(len(draft.rows))}
        rows = ngettext("%(count)s row", "%(count)s rows", len(draft.rows)) % counts
        parts = (
            (draft.good, _("%(count)s ready")),
            (draft.wrong, _("%(count)s to correct")),
            (draft.left_out, _("%(count)s left out")),
        )
        told = ", ".join(words % {"count": number(len(found))} for found, words in parts if found)
        return f"{rows}: {told}"


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
