"""Draw numbers by period as columns: SVG made on the server, without any noun of the domain.

Lengths along the chart are percentages of its width, as in `ui.charts`. A column that was counted in part is hatched and
has a broken edge, so the chart reads without colour and in grey print; each column can be reached by keyboard and says
its number.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe

#: Heights in pixels: of the columns, of the room for numbers above them, of the words below.
_PLOT, _ROOM_ABOVE, _AXIS = 180, 22, 40
_SMALL_PLOT = 44
#: The share of its place that a column fills, and the share of the chart that it fills at most.
_FILLED, _WIDEST = 0.68, 11.0
#: Beyond so many columns, numbers stand above every second one alone.
_MOST_NUMBERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its number (None where there is none to draw), the number as text, its words below, and all in words."""

    value: Decimal | None
    text: str
    mark: str
    label: str
    is_partial: bool = False
    part: str = ""


def column_chart(columns: Sequence[Column], *, key: str, label: str) -> SafeString:
    """Return columns with their numbers above and their periods below. `key` is a name of its own on the page."""
    top = _top(columns)
    crowd = " columns--crowded" if len(columns) > _MOST_NUMBERS else ""
    drawn = "".join(
        _whole_column(column, place, columns, top=top, key=key) for place, column in enumerate(columns)
    )
    base = _PLOT + _ROOM_ABOVE
    return mark_safe(  # noqa: S308 - the words are escaped, the rest is drawn here
        f'<svg class="chart columns{crowd}" role="group" aria-label="{html.escape(label)}" height="{base + _AXIS}">'
        f"{_hatch(key)}{drawn}"
        f'<line class="chart__axis" x1="0" x2="100%" y1="{base}" y2="{base}"/></svg>'
    )


def small_column_chart(columns: Sequence[Column], *, key: str, label: str) -> SafeString:
    """Return columns without words, for a card that says the newest number itself; `label` says all of them."""
    top = _top(columns)
    drawn = "".join(
        _box(column, place, len(columns), top=top, plot=_SMALL_PLOT, above=2, key=key)
        for place, column in enumerate(columns)
    )
    base = _SMALL_PLOT + 2
    return mark_safe(  # noqa: S308 - the words are escaped, the rest is drawn here
        f'<svg class="columns columns--small" role="img" aria-label="{html.escape(label)}" height="{base + 1}">'
        f'{_hatch(key)}{drawn}<line class="chart__axis" x1="0" x2="100%" y1="{base}" y2="{base}"/></svg>'
    )


def _top(columns: Sequence[Column]) -> Decimal:
    """Return the number that reaches the upper edge."""
    return max(
        (column.value for column in columns if column.value is not None), default=Decimal(0)
    ) or Decimal(1)


def _hatch(key: str) -> str:
    return (
        f'<defs><pattern id="{key}-hatch" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect class="columns__ground" width="6" height="6"/>'
        '<path class="columns__hatch" d="M1 0v6"/></pattern></defs>'
    )


def _whole_column(column: Column, place: int, columns: Sequence[Column], *, top: Decimal, key: str) -> str:
    """Return a column with its words, which the keyboard reaches."""
    width = 100 / len(columns)
    middle, base = (place + 0.5) * width, _PLOT + _ROOM_ABOVE
    box = _box(column, place, len(columns), top=top, plot=_PLOT, above=_ROOM_ABOVE, key=key)
    number_at = base - _height(column, top, _PLOT) - 6
    words = html.escape(column.label)
    part = (
        f'<text class="columns__part" y="32" text-anchor="middle">{html.escape(column.part)}</text>'
        if column.part
        else ""
    )
    return (
        f'<g class="columns__column" tabindex="0" role="img" aria-label="{words}"><title>{words}</title>'
        f'<rect class="columns__place" x="{place * width:.2f}%" width="{width:.2f}%" y="0" height="{base}"/>{box}'
        f'<svg x="{middle:.2f}%" y="{number_at:.1f}" overflow="visible"><text class="columns__number" text-anchor="middle">'
        f"{html.escape(column.text)}</text></svg>"
        f'<svg x="{middle:.2f}%" y="{base}" overflow="visible"><text class="columns__mark" y="17" text-anchor="middle">'
        f"{html.escape(column.mark)}</text>{part}</svg></g>"
    )


def _box(column: Column, place: int, count: int, *, top: Decimal, plot: int, above: int, key: str) -> str:
    """Return the column alone; nothing for a number that is not there or is 0."""
    height = _height(column, top, plot)
    if not height:
        return ""
    width = 100 / count
    filled = min(width * _FILLED, _WIDEST)
    at = (place + 0.5) * width - filled / 2
    fill = f' fill="url(#{key}-hatch)"' if column.is_partial else ""
    kind = "columns__box columns__box--part" if column.is_partial else "columns__box"
    return (
        f'<rect class="{kind}"{fill} x="{at:.2f}%" width="{filled:.2f}%" y="{above + plot - height:.1f}"'
        f' height="{height:.1f}"/>'
    )


def _height(column: Column, top: Decimal, plot: int) -> float:
    """Return the height of a column in pixels; whatever is not 0 can be seen."""
    if not column.value:
        return 0.0
    return max(1.5, float(column.value / top) * plot)
