"""How a source writes the numbers and headings of a table, so that the next ones can be written alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from indicators.states import PeriodKind

if TYPE_CHECKING:
    from indicators.periods import Period

_NUMBER = re.compile(r"(?P<prefix>[A-Za-z]*)(?P<digits>[0-9][0-9,]*)(?P<parts>\.[0-9]+)?")
#: From here on a number has thousands to separate.
_LEAST_SEPARATED = 4


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How numbers of a row are written: RM112,420.00; 27,836; 1386."""

    prefix: str = ""
    has_commas: bool = True
    has_parts: bool = False

    @classmethod
    def of(cls, row: Iterable[str], table: Iterable[str]) -> NumberStyle:
        """Return the style of the printed texts of a row, of which the last one counts; `table` are those of all rows.

        Whether thousands are separated is told by the long numbers of the row, else by those of the table, which may have none.
        """
        own = [found for text in row if (found := _NUMBER.fullmatch(text))]
        if not own:
            return cls()
        every = [found for text in table if (found := _NUMBER.fullmatch(text))]
        return cls(
            prefix=own[-1]["prefix"],
            has_commas=_separates(own) if _long(own) else _separates(every) or not _long(every),
            has_parts=own[-1]["parts"] is not None,
        )

    def write(self, value: Decimal) -> str:
        """Return a number in this style; hundredths stand wherever the number has some."""
        places = 2 if self.has_parts or value != value.to_integral_value() else 0
        separator = "," if self.has_commas else ""
        return f"{self.prefix}{value:{separator}.{places}f}"


def change_text(percent: int) -> str:
    """Return a change in per cent as the source prints it: + 37%; - 21%; 0%."""
    sign = "+ " if percent > 0 else "- " if percent < 0 else ""
    return f"{sign}{abs(percent):,}%"


def change_in_percent(before: Decimal, after: Decimal) -> int:
    """Return a change in whole per cent, rounded half up, as the source rounds; `before` is not 0."""
    return int(((after - before) * 100 / before).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def next_heading(words: str, printed: Period, following: Period, mark: str) -> str:
    """Return the heading of a printed period with another period of the same kind in its place.

    `mark` stands behind the period, in place of the asterisks that are printed there; a heading without a period gets it at
    its end.
    """
    name = f"{period_name(following)}{mark}"
    pattern = rf"{re.escape(period_name(printed))}\**" if printed.begins_on else ""
    if pattern and re.search(pattern, words):
        return re.sub(pattern, name, words)
    return f"{words} {name}"


def next_mark(footnotes: Iterable[str], headings: Iterable[str]) -> str:
    """Return asterisks that neither footnotes nor headings of a table have: one more than the most that stand together."""
    runs = [run for text in [*footnotes, *headings] for run in re.findall(r"\*+", text)]
    return "*" * (max(map(len, runs), default=0) + 1)


def period_name(period: Period) -> str:
    """Return how a source calls a period: 2022; 2022/2023; a month as pages call it."""
    first, last = period.begins_on, period.ends_on
    if first is None or last is None:
        return ""
    return f"{first.year}/{last.year}" if period.kind == PeriodKind.WINDOW else period.mark


def _long(numbers: Iterable[re.Match[str]]) -> list[re.Match[str]]:
    return [each for each in numbers if len(each["digits"].replace(",", "")) >= _LEAST_SEPARATED]


def _separates(numbers: Iterable[re.Match[str]]) -> bool:
    return any("," in each["digits"] for each in _long(numbers))
