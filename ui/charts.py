"""Draw charts as SVG on the server, without any noun of the domain.

Lengths along the chart are percentages of its width, so one drawing fits every screen while its text keeps
its size. Each band has a colour, a pattern and an edge of its own, so the chart reads without colour and in
grey print.
"""

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TypeVar

from django.utils.safestring import SafeString, mark_safe

from ui.components import STATE_TONES
from ui.icons import icon

# Classes are written out, so that a search finds every one.
BAR_PARTS = {"empty": "bar__box--danger", "half": "bar__box--warning", "ticked": "bar__box--success"}
BANDS = {"empty": "chart__band--danger", "half": "chart__band--warning", "ticked": "chart__band--success"}
#: Height of the drawing, in pixels; the words of the axis stand below it.
PLOT_HEIGHT = 132
_AXIS_HEIGHT = 24
#: A part of a bar is at least this wide, in percent: on a phone 44 px, with room for its sign and number.
_NARROWEST = 16.0
#: A band is high enough for its number from here on, in pixels.
_ROOM_FOR_NUMBER = 15


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar: its state, count, spoken label and address ("" for no link)."""

    state: str
    count: int
    label: str
    url: str = ""


def bar(parts: Sequence[Part], *, label: str) -> SafeString:
    """Return counts by state as one bar; a part with an address is a link.

    Parts that count zero are left out.
    """
    drawn, at = [], 0.0
    for part, width in _widths([part for part in parts if part.count]):
        drawn.append(_bar_part(part, at=at, width=width))
        at += width
    return mark_safe(  # noqa: S308 - words and addresses are escaped
        f'<svg class="bar" role="group" aria-label="{html.escape(label)}">{"".join(drawn)}</svg>'
    )


def _widths(parts: Sequence[Part]) -> Iterable[tuple[Part, float]]:
    """Return each part with its width in percent; narrow parts are widened at the cost of the others."""
    widths, left, total = {}, 100.0, sum(part.count for part in parts)
    for part in sorted(parts, key=lambda part: part.count):
        widths[part.state] = max(_NARROWEST, left * part.count / total)
        left, total = left - widths[part.state], total - part.count
    return [(part, widths[part.state]) for part in parts]


def _bar_part(part: Part, *, at: float, width: float) -> str:
    """Return the SVG of one part that begins at `at` and is `width` wide, both in percent."""
    middle = at + width / 2
    words = html.escape(part.label)
    inner = (
        f'<title>{words}</title><rect class="{BAR_PARTS[part.state]}" x="{at:.2f}%" y="1" width="{width:.2f}%"'
        f' height="46" rx="6"/><svg x="{middle:.2f}%" y="0" overflow="visible" class="tone-{STATE_TONES[part.state]}">'
        f'<g transform="translate(-22 16)">{icon(part.state)}</g>'
        f'<text x="8" y="30" text-anchor="middle">{part.count}</text></svg>'
    )
    if not part.url:
        return f"<g>{inner}</g>"
    return f'<a class="bar__part" href="{html.escape(part.url)}" aria-label="{words}">{inner}</a>'


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row with the same counts by band; start and width are in percent."""

    at: float
    width: float
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A month's label below the axis, or a day that is marked in the drawing, at `at` percent."""

    at: float
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChart:
    """Counts by state over time.

    `bands` are states from bottom to top, in the order of each span's counts.
    """

    key: str
    title: str
    description: str
    bands: tuple[str, ...]
    top: int
    spans: Sequence[Span]
    months: Sequence[Tick]
    posts: Sequence[Tick]


def step_chart(chart: StepChart) -> SafeString:
    """Return stacked steps as SVG; days to come stay empty, and posts mark the important days."""
    parts = [
        f'<title id="{chart.key}-title">{html.escape(chart.title)}</title>',
        f'<desc id="{chart.key}-words">{html.escape(chart.description)}</desc>',
        _patterns(chart),
        f'<rect class="chart__ground" x="0" y="0" width="100%" height="{PLOT_HEIGHT}"/>',
        *_areas(chart),
        *_numbers(chart),
        *_axis(chart),
    ]
    return mark_safe(  # noqa: S308 - the words are escaped, the rest is drawn here
        f'<svg class="chart" role="img" aria-labelledby="{chart.key}-title {chart.key}-words"'
        f' height="{PLOT_HEIGHT + _AXIS_HEIGHT}">{"".join(parts)}</svg>'
    )


#: The mark that fills a band: dots for half, lines for ticked; empty has its ground alone.
_MARKS = {
    "empty": "",
    "half": '<circle class="chart__mark" cx="2" cy="2" r="0.9"/><circle class="chart__mark" cx="6" cy="6" r="0.9"/>',
    "ticked": '<path class="chart__mark" d="M-2 2l4-4M0 8l8-8M6 10l4-4"/>',
}


def _patterns(chart: StepChart) -> str:
    """Return the SVG definitions of the bands' patterns."""
    drawn = (
        f'<pattern id="{chart.key}-{band}" class="{BANDS[band]}" width="8" height="8"'
        f' patternUnits="userSpaceOnUse"><rect class="chart__fill" width="8" height="8"/>{_MARKS[band]}</pattern>'
        for band in chart.bands
    )
    return f"<defs>{''.join(drawn)}</defs>"


def _areas(chart: StepChart) -> Iterable[str]:
    """Yield a rectangle for each stretch in which a band keeps its height, then each band's upper edge."""
    scale = PLOT_HEIGHT / chart.top
    for place, band in enumerate(chart.bands):
        for at, width, (low, high) in _runs(chart, partial(_bounds, place)):
            if high > low:
                yield (
                    f'<rect fill="url(#{chart.key}-{band})" x="{at:.2f}%" y="{PLOT_HEIGHT - high * scale:.1f}"'
                    f' width="{width:.2f}%" height="{(high - low) * scale:.1f}"/>'
                )
        for at, width, (is_drawn, high) in _runs(chart, partial(_edge, place)):
            if is_drawn:
                y = PLOT_HEIGHT - high * scale
                yield (
                    f'<line class="chart__edge {BANDS[band]}" x1="{at:.2f}%" x2="{at + width:.2f}%"'
                    f' y1="{y:.1f}" y2="{y:.1f}"/>'
                )


def _bounds(place: int, counts: Sequence[int]) -> tuple[int, int]:
    """Return the counts between which the band at this place lies."""
    low = sum(counts[:place])
    return low, low + counts[place]


def _edge(place: int, counts: Sequence[int]) -> tuple[bool, int]:
    """Return whether the band at this place has an upper edge, and at which count."""
    return counts[place] > 0, sum(counts[: place + 1])


Value = TypeVar("Value")


def _runs(chart: StepChart, value_of: Callable[[Sequence[int]], Value]) -> list[tuple[float, float, Value]]:
    """Return start, width and value of each stretch over which `value_of` the counts stays the same."""
    stretches = groupby(chart.spans, key=lambda span: value_of(span.counts))
    runs = ((value, list(spans)) for value, spans in stretches)
    return [(spans[0].at, sum(span.width for span in spans), value) for value, spans in runs]


def _numbers(chart: StepChart) -> Iterable[str]:
    """Yield the newest counts, inside their bands at the end of the drawing."""
    if not chart.spans:
        return
    last = chart.spans[-1]
    end, low = last.at + last.width, 0
    for band, count in zip(chart.bands, last.counts, strict=True):
        height = count * PLOT_HEIGHT / chart.top
        if height >= _ROOM_FOR_NUMBER:
            middle = PLOT_HEIGHT - low * PLOT_HEIGHT / chart.top - height / 2
            yield (
                f'<svg x="{end:.2f}%" y="{middle:.1f}" overflow="visible" class="tone-{STATE_TONES[band]}">'
                f'<text class="chart__number" x="-6" y="5" text-anchor="end">{count}</text></svg>'
            )
        low += count


def _axis(chart: StepChart) -> Iterable[str]:
    """Yield the axis, the posts and the month labels."""
    yield f'<line class="chart__axis" x1="0" x2="100%" y1="{PLOT_HEIGHT}" y2="{PLOT_HEIGHT}"/>'
    for post in chart.posts:
        yield (
            f'<svg x="{post.at:.2f}%" y="0" overflow="visible"><title>{html.escape(post.label)}</title>'
            f'<path class="chart__post" d="M0 0v{PLOT_HEIGHT}"/></svg>'
        )
    for month in chart.months:
        yield (
            f'<text class="chart__month" x="{month.at:.2f}%" y="{PLOT_HEIGHT + 17}" text-anchor="middle">'
            f"{html.escape(month.label)}</text>"
        )
