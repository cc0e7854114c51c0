"""Find the month, the indicator and the value of a breakdown that the cells of a row name, in either language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from imports.values import Unreadable, date_of, in_both, shortened
from indicators.cells import cell_name
from indicators.months import last_day_of
from indicators.workbook.columns import TOTAL
from ui.dates import MONTHS

if TYPE_CHECKING:
    from indicators.models import Dimension, DimensionValue, Indicator

_YEAR_MONTH = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
_WORD_YEAR = re.compile(r"([a-z]{3,})[-/., ]{0,2}([0-9]{4})")


def month_of(text: str) -> date:
    """Return the first day of the month that a cell names: August 2023, Ogos 2023, 2023-08, or its first or last day.

    Raises `Unreadable` for everything else. A spreadsheet makes a day of "8/23", so a day within the month is asked about.
    """
    try:
        month = _month_in(" ".join(text.split()).casefold())
        day = month or date_of(text)
    except ValueError as error:
        raise _unreadable_month(text) from error
    month = day.replace(day=1)
    if month.year in (date.min.year, date.max.year) or day not in (month, last_day_of(month)):
        raise _unreadable_month(text)
    return month


def _month_in(text: str) -> date | None:
    """Return the month that a text gives without a day; None where it gives none. Raises ValueError for month 13."""
    if match := _YEAR_MONTH.fullmatch(text):
        return date(int(match[1]), int(match[2]), 1)
    if match := _MONTH_YEAR.fullmatch(text):
        return date(int(match[2]), int(match[1]), 1)
    if (match := _WORD_YEAR.fullmatch(text)) and (number := _month_number(match[1])):
        return date(int(match[2]), number, 1)
    return None


def _month_number(word: str) -> int:
    """Return the number of the month that begins with a word of three letters or more; 0 where none does."""
    for names in MONTHS.values():
        for number, name in enumerate(names, 1):
            if name.casefold().startswith(word):
                return number
    return 0


def _unreadable_month(text: str) -> Unreadable:
    return Unreadable(
        _("“%(text)s” is not a month. Choose one from the list, or write it such as 08/2023.")
        % {"text": shortened(text)}
    )


@dataclass(frozen=True, slots=True)
class CellChoice:
    """A cell of the month's form that a row may name. `breakdown` is "" for the total."""

    name: str
    indicator: Indicator
    breakdown: str


class OwnIndicators:
    """An agency's indicators and the values of their breakdowns, by every name that a row may use."""

    def __init__(self, indicators: Iterable[Indicator]) -> None:
        """`indicators` come with their dimensions and the values of these."""
        self.indicators: Sequence[Indicator] = list(indicators)

    def indicator_of(self, text: str) -> Indicator:
        """Return the indicator of this name or code. Raises `Unreadable`, which tells nothing of other agencies'."""
        found = self._by_name.get(_plain(text))
        if found is None:
            raise Unreadable(
                _("“%(text)s” is not an indicator of your agency. Choose one from the list.")
                % {"text": shortened(text)}
            )
        return found

    def cell_of(self, indicator: Indicator, text: str) -> str:
        """Return the name of the cell of an indicator that a breakdown names; empty names the total."""
        values = self._values[indicator.pk]
        found = values.get(_plain(text))
        if found is not None:
            return found
        listed = [breakdown for _value, breakdown in self._breakdowns(indicator)]
        if len(listed) > 1:
            raise Unreadable(
                _("“%(text)s” is not a value of this indicator’s breakdown. Choose one of: %(values)s.")
                % {"text": shortened(text), "values": ", ".join(listed)}
            )
        raise Unreadable(
            _("“%(text)s” is not possible here: this indicator has no breakdown. Choose %(total)s.")
            % {"text": shortened(text), "total": TOTAL}
        )

    @cached_property
    def choices(self) -> list[CellChoice]:
        """All cells in the order of the form, as the template names them."""
        return [
            CellChoice(cell_name(indicator.pk, value.pk if value else None), indicator, breakdown)
            for indicator in self.indicators
            for value, breakdown in self._breakdowns(indicator)
        ]

    def name_of(self, indicator: Indicator) -> str:
        """Return the name by which the template names an indicator; with its code where two have one name."""
        is_shared = sum(each.name == indicator.name for each in self.indicators) > 1
        return f"{indicator.name} [{indicator.code}]" if is_shared else indicator.name

    @cached_property
    def _totals(self) -> list[str]:
        return ["", *dict.fromkeys(in_both(TOTAL))]

    @cached_property
    def _by_name(self) -> Mapping[str, Indicator]:
        """Names that two indicators share are left out: these are named with their codes."""
        found: dict[str, Indicator | None] = {}
        for indicator in self.indicators:
            names = {_plain(indicator.name_ms), _plain(indicator.name_en), _plain(indicator.code)}
            names |= {f"{name} [{_plain(indicator.code)}]" for name in names}
            for name in names:
                found[name] = None if name in found else indicator
        return {name: indicator for name, indicator in found.items() if indicator is not None}

    @cached_property
    def _values(self) -> Mapping[int, Mapping[str, str]]:
        """By indicator, the cell's name by every name of a value."""
        return {indicator.pk: dict(self._named_cells(indicator)) for indicator in self.indicators}

    def _named_cells(self, indicator: Indicator) -> Iterable[tuple[str, str]]:
        several = _shared_names(indicator)
        for dimension in indicator.dimensions.all():
            for value in dimension.values.all():
                cell = cell_name(indicator.pk, value.pk)
                for name in _value_names(value):
                    for of in (dimension.name_ms, dimension.name_en, dimension.code):
                        yield _plain(f"{of}: {name}"), cell
                    if name not in several:
                        yield name, cell
        for total in self._totals:
            yield total, cell_name(indicator.pk)

    def _breakdowns(self, indicator: Indicator) -> Iterable[tuple[DimensionValue | None, str]]:
        yield None, str(TOTAL)
        several = _shared_names(indicator)
        for dimension in indicator.dimensions.all():
            for value in dimension.values.all():
                yield value, _label(dimension, value) if _plain(value.name) in several else value.name


def _label(dimension: Dimension, value: DimensionValue) -> str:
    return f"{dimension.name}: {value.name}"


def _value_names(value: DimensionValue) -> set[str]:
    return {_plain(value.name_ms), _plain(value.name_en), _plain(value.code)}


def _shared_names(indicator: Indicator) -> set[str]:
    """Return the names that values of two of its dimensions share."""
    seen: set[str] = set()
    shared: set[str] = set()
    for dimension in indicator.dimensions.all():
        names = {name for value in dimension.values.all() for name in _value_names(value)}
        shared |= seen & names
        seen |= names
    return shared


def _plain(text: str) -> str:
    """Return a name for comparison: small letters, single spaces, one kind of apostrophe."""
    return " ".join(text.replace("’", "'").split()).casefold()
