"""Figures of one kind of period as a chart, with a gap where a period has none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indicators.periods import MOST_PERIODS, Period
from indicators.suppression import Hiding
from ui.column_charts import Column, column_chart, small_column_chart

if TYPE_CHECKING:
    from indicators.queries.figures import ShownFigure


def chart_of(figures: Sequence[ShownFigure], *, key: str, name: str) -> SafeString:
    """Return the chart of an indicator's page. `figures` are of one kind, one a period, in order; "" of none."""
    return SafeString("") if not figures else column_chart(_columns(figures), key=key, label=name)


def small_chart_of(figures: Sequence[ShownFigure], *, key: str, name: str) -> SafeString:
    """Return the chart of a card, which says all its numbers; "" of fewer than two figures."""
    if len(figures) < 2:
        return SafeString("")
    columns = _columns(figures)
    told = ", ".join(column.label for column in columns)
    return small_column_chart(columns, key=key, label=f"{name}: {told}")


def _columns(figures: Sequence[ShownFigure]) -> list[Column]:
    columns: list[Column] = []
    last: int | None = None
    for figure in figures:
        slot = figure.period.slot()
        if slot is not None and last is not None:
            # So many periods have no figure between this one and the one before.
            gap = min(slot - last - 1, MOST_PERIODS)
            columns += [_gap(figure.period, earlier) for earlier in range(gap, 0, -1)]
        columns.append(_column(figure))
        last = slot
    return columns[-MOST_PERIODS:]


def _column(figure: ShownFigure) -> Column:
    period = figure.period
    return Column(
        value=figure.value,
        # The word for what is withheld is wider than a column; `label` has it.
        text="…" if figure.hiding == Hiding.WITHHELD else figure.number,
        mark=period.mark,
        label=f"{period.label}: {figure.number}",
        is_partial=period.is_partial,
        part=period.part,
    )


def _gap(period: Period, earlier: int) -> Column:
    """Return the empty place of a period that lies so many periods before this one."""
    mark = period.earlier_mark(earlier)
    return Column(value=None, text="", mark=mark, label=_("%(period)s: no figure") % {"period": mark})
