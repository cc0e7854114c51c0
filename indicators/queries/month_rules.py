"""What is wrong, unusual or contradictory in the cells of a month as they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from indicators.cells import cell_name
from indicators.numbers import UnreadableNumber, plain, read_number

if TYPE_CHECKING:
    from indicators.queries.month_sheet import Cell, MonthSheet

#: From this number on, more than three times as much, or less than a third, is asked about.
_UNUSUAL_FROM, _UNUSUAL_TIMES = 10, 3


@dataclass(frozen=True, slots=True)
class MonthJudgement:
    """What was found, by name of the cell.

    `problems` say why a text is no number, `numbers` are those that could be read, `to_send` those of them that were not
    accepted already, `revised` those that change what was accepted. `contradictions` say which check fails, `unusual`
    that a number differs much from the month before.
    """

    problems: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, Decimal] = field(default_factory=dict)
    to_send: dict[str, Decimal] = field(default_factory=dict)
    revised: dict[str, str] = field(default_factory=dict)
    contradictions: dict[str, str] = field(default_factory=dict)
    unusual: dict[str, str] = field(default_factory=dict)

    @property
    def needs_explanation(self) -> bool:
        """Whether figures may be sent only with words of explanation."""
        return bool(self.contradictions or self.revised)

    @property
    def notes(self) -> dict[str, list[str]]:
        """Everything that was found, by cell."""
        notes: dict[str, list[str]] = {}
        for said in (self.problems, self.contradictions, self.revised, self.unusual):
            for name, words in said.items():
                notes.setdefault(name, []).append(words)
        return notes


def judge_month(sheet: MonthSheet, typed: Mapping[str, str]) -> MonthJudgement:
    """Return what is to be said about the cells of a month before they are sent."""
    found = MonthJudgement()
    # In the order of the form, in which figures are numbered: the database keeps texts in an order of its own.
    for name in dict.fromkeys([*sheet.cells, *typed]):
        if name in typed:
            _read(sheet.cells.get(name), name, typed[name], found)
    found.contradictions.update(_contradictions(sheet, found.numbers))
    return found


def _read(cell: Cell | None, name: str, text: str, found: MonthJudgement) -> None:
    """Read one cell into `found`."""
    if cell is None:
        found.problems[name] = _("Your agency does not report this indicator.")
        return
    try:
        value = read_number(text, unit=cell.indicator.unit)
    except UnreadableNumber as refusal:
        found.problems[name] = str(refusal)
        return
    found.numbers[name] = value
    if cell.standing is not None and cell.standing.value == value:
        return
    found.to_send[name] = value
    if cell.standing is not None:
        found.revised[name] = _("This changes %(number)s, which MAPO accepted.") % {
            "number": plain(cell.standing.value)
        }
    if cell.last_month is not None and is_unusual(value, cell.last_month):
        found.unusual[name] = _("Unusual: last month it was %(number)s.") % {"number": plain(cell.last_month)}


def is_unusual(value: Decimal, before: Decimal) -> bool:
    """Whether a number is more than three times, or less than a third, of the month before, from 10 on."""
    low, high = sorted((value, before))
    return high >= _UNUSUAL_FROM and high > _UNUSUAL_TIMES * low


def _contradictions(sheet: MonthSheet, numbers: Mapping[str, Decimal]) -> dict[str, str]:
    """Return which totals do not agree with their parts, by the total's cell."""
    found: dict[str, str] = {}
    for table in sheet.tables:
        for row in table.rows:
            total = sheet.cells[cell_name(row.indicator.pk)]
            parts = [cell for cell in row.cells if cell is not None and cell.value is not None]
            if not parts:
                continue
            whole = _number_of(total, numbers)
            counted = [_number_of(part, numbers) for part in parts]
            is_touched = any(cell.name in numbers for cell in (total, *parts))
            words = _sum_words(whole, counted) if is_touched else ""
            if words:
                found[total.name] = words
    return found


def _number_of(cell: Cell, numbers: Mapping[str, Decimal]) -> Decimal | None:
    """Return what a cell holds: what is typed, else what was accepted."""
    if cell.name in numbers:
        return numbers[cell.name]
    return cell.standing.value if cell.standing else None


def _sum_words(whole: Decimal | None, parts: list[Decimal | None]) -> str:
    """Return why a total does not agree with its parts; "" where it does, or where that cannot be judged."""
    known = [part for part in parts if part is not None]
    if whole is None or not known:
        return ""
    total = sum(known, Decimal(0))
    words = {"sum": plain(total), "total": plain(whole)}
    if total > whole:
        return _("The parts add up to %(sum)s, which is above the total of %(total)s.") % words
    if len(known) == len(parts) and total != whole:
        return _("The parts add up to %(sum)s, not to the total of %(total)s.") % words
    return ""
