"""A figure beside that of the same months a year before: a change where the bases are equal, else the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from indicators.judging import change_in_percent
from indicators.periods import year_before
from ui.numbers import tenths

if TYPE_CHECKING:
    from indicators.queries.figures import ShownFigure


@dataclass(frozen=True, slots=True, kw_only=True)
class YearComparison:
    """How a figure changed from the one a year before it, or why nobody can say; one of both is empty."""

    before: ShownFigure | None
    percent: Decimal | None = None
    reason: str = ""

    @property
    def words(self) -> str:
        """The change with its sign: +26.9%, −20.0%, 0.0%."""
        if self.percent is None:
            return ""
        sign = "+" if self.percent > 0 else "−" if self.percent < 0 else ""
        return f"{sign}{tenths(abs(self.percent))}%"

    @property
    def icon(self) -> str:
        """The arrow beside the change."""
        if self.percent is None or not self.percent:
            return "arrow-right"
        return "arrow-up-right" if self.percent > 0 else "arrow-down-right"


def compare(figure: ShownFigure, others: Iterable[ShownFigure]) -> YearComparison:
    """Return how a figure compares with that of the same months a year before, among those of its series."""
    months = year_before(figure.period)
    if months is None:
        return YearComparison(before=None, reason=_("The source states no period."))
    found = [other for other in others if figure.period.follows_by_a_year(other.period)]
    before = max(found, key=lambda other: other.source_id == figure.source_id, default=None)
    if before is None:
        return YearComparison(
            before=None, reason=_("There is no figure for %(period)s.") % {"period": months.label}
        )
    if reason := _unequal(figure, before):
        return YearComparison(before=before, reason=reason)
    assert figure.value is not None and before.value is not None
    return YearComparison(before=before, percent=rounded_change(before.value, figure.value))


def _unequal(figure: ShownFigure, before: ShownFigure) -> str:
    """Return why two figures cannot be compared, or ""."""
    if not _cover_the_same(figure, before):
        return _("Different months: %(before)s beside %(period)s.") % {
            "before": _told(before),
            "period": _told(figure),
        }
    if figure.value is None or before.value is None:
        return _("A number that is not shown is not compared.")
    return "" if before.value else _("The figure before is 0.")


def _cover_the_same(figure: ShownFigure, before: ShownFigure) -> bool:
    """Whether both were counted whole, or in part to the same day of their years."""
    if not figure.period.is_partial and not before.period.is_partial:
        return True
    last, earlier = figure.period.counted_to, before.period.counted_to
    is_same_part = figure.period.is_partial and before.period.is_partial and last and earlier
    return bool(is_same_part and last and earlier and (last.month, last.day) == (earlier.month, earlier.day))


def _told(figure: ShownFigure) -> str:
    """Return the period, with "whole" where it was not counted in part."""
    period = figure.period
    return period.label if period.is_partial else _("%(period)s whole") % {"period": period.label}


def rounded_change(before: Decimal, after: Decimal) -> Decimal:
    """Return the change in per cent from a number, which is not 0, with one digit after the point."""
    change = change_in_percent(before, after, 1)
    assert change is not None
    return change
