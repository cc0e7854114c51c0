"""The chart of item states over the window, and what is left to do against the time that is left.

It shows what was recorded up to the day shown, and no forecast.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from overview.queries.trend import DayCounts, PastOverview
from recommendations.queries.window_clock import WindowClock
from recommendations.states import KIND_HEADINGS, STATUS_ICONS, STATUS_KINDS, ItemKind, Status
from ui import charts, components, dates
from ui.months import last_day_of

#: How far back "lately" reaches, in days.
LATELY_DAYS = 60
#: From the bottom of the chart up.
BANDS = (Status.DONE, Status.PROGRESS, Status.NONE)


@dataclass(frozen=True, slots=True)
class KindProgressChart:
    """The progress of one kind: the chart, and in words what is not completed."""

    label: str
    chart: SafeString
    pace: str


@dataclass(frozen=True, slots=True)
class ProgressChart:
    """The progress of all kinds, the time that is left, and the numbers by day as a table."""

    kinds: list[KindProgressChart]
    time_words: str
    table_heads: list[tuple[str, int]]
    status_heads: list[str]
    rows: list[tuple[str, SafeString]]


def progress_chart(past: PastOverview, clock: WindowClock) -> ProgressChart | None:
    """Return the progress up to the clock's day; None where nothing was recorded by then."""
    if past.first is None:
        return None
    window = clock.cycle.window_start, clock.cycle.window_end
    counts = {kind: _known(past.between(*window, kind)) for kind in STATUS_KINDS}
    known = [kind for kind in STATUS_KINDS if sum(_numbers(past.at(clock.today, kind)))]
    return ProgressChart(
        kinds=[_kind_chart(past, clock, kind, counts[kind]) for kind in known],
        time_words=_time_words(clock),
        table_heads=[(str(KIND_HEADINGS[kind]), len(Status)) for kind in known],
        status_heads=[str(status.label) for status in Status] * len(known),
        rows=[
            (
                dates.day(day),
                components.number_cells(number for kind in known for number in _numbers(past.at(day, kind))),
            )
            for day in _table_days(clock, first=past.first)
        ],
    )


def _kind_chart(
    past: PastOverview, clock: WindowClock, kind: ItemKind, by_day: Sequence[DayCounts]
) -> KindProgressChart:
    """Return the chart of one kind; without a drawing where the window has no day with an item."""
    chart = _chart(by_day, clock, kind) if by_day else SafeString("")
    return KindProgressChart(str(KIND_HEADINGS[kind]), chart, pace(past, clock, kind))


def _numbers(counts: DayCounts) -> tuple[int, int, int]:
    """Return the counts in the order of `Status`."""
    return counts.none, counts.progress, counts.done


def _known(by_day: Sequence[DayCounts]) -> list[DayCounts]:
    """Return the days on which there was any item."""
    return [counts for counts in by_day if any(_numbers(counts))]


def _table_days(clock: WindowClock, *, first: date) -> list[date]:
    """Return the first recorded day, the end of each month of the window, and the day shown."""
    begin = max(first, min(clock.cycle.window_start, clock.today))
    end = min(clock.today, clock.cycle.window_end)
    ends, day = [], begin
    while day < end:
        ends.append(day)
        day = last_day_of(day + timedelta(days=1))
    return sorted({*ends, max(begin, end), clock.today})


def _chart(by_day: Sequence[DayCounts], clock: WindowClock, kind: ItemKind) -> SafeString:
    spans = []
    # In the order of `BANDS`.
    for counts, stretch in groupby(by_day, key=lambda day: (day.done, day.progress, day.none)):
        days = list(stretch)
        begin = clock.share_of(days[0].day - timedelta(days=1))
        spans.append(charts.Span(at=begin, width=clock.share_of(days[-1].day) - begin, counts=counts))
    return charts.step_chart(
        charts.StepChart(
            key=f"course-{kind.value}",
            title=_("%(kind)s by status") % {"kind": KIND_HEADINGS[kind]},
            description=_description(by_day),
            bands=tuple(STATUS_ICONS[status] for status in BANDS),
            top=max(sum(span.counts) for span in spans),
            spans=spans,
            months=[
                charts.Tick((month["percent_from"] + month["percent_to"]) / 2, month["label"])
                for month in clock.months
            ],
            posts=list(_posts(clock)),
        )
    )


def _posts(clock: WindowClock) -> Iterator[charts.Tick]:
    if clock.interim_percent is not None:
        interim = _("Interim, %(day)s") % {"day": dates.day_month(clock.cycle.interim_on)}
        yield charts.Tick(clock.interim_percent, interim)
    yield charts.Tick(100, _("End of the window, %(day)s") % {"day": dates.day(clock.cycle.window_end)})


def _description(by_day: Sequence[DayCounts]) -> str:
    words = {"first": _day_words(by_day[0]), "last": _day_words(by_day[-1])}
    return _("From %(first)s to %(last)s. The table below gives the numbers by day.") % words


def _day_words(counts: DayCounts) -> str:
    states = ", ".join(f"{status.label} {counts.of(status)}" for status in Status)
    return f"{dates.day(counts.day)} ({states})"


def _time_words(clock: WindowClock) -> str:
    if clock.is_before or clock.is_after:
        return clock.day_text
    if not clock.left_text:
        return clock.close_text
    return _("%(time)s are left until the window closes") % {"time": clock.left_text}


def pace(past: PastOverview, clock: WindowClock, kind: ItemKind) -> str:
    """Return how many items are not completed, and how many were completed lately, in words."""
    then_on = clock.today - timedelta(days=LATELY_DAYS)
    now, then = past.done_items(clock.today, kind), past.done_items(then_on, kind)
    total = sum(_numbers(past.at(clock.today, kind)))
    left = pgettext("items", "%(left)s of %(total)s are not completed.") % {
        "left": total - len(now),
        "total": total,
    }
    first = past.first or then_on
    lately = _lately(len(now - then), since=max(then_on, first), is_whole=then_on >= first)
    return f"{left} {lately}{_fallen(len(then - now))}"


def _lately(count: int, *, since: date, is_whole: bool) -> str:
    told = {"count": count, "days": dates.days(LATELY_DAYS), "day": dates.day(since)}
    if is_whole and not count:
        return _("In the last %(days)s, none was completed.") % told
    if is_whole:
        words = ngettext(
            "In the last %(days)s, %(count)s was completed.",
            "In the last %(days)s, %(count)s were completed.",
            count,
        )
        return words % told
    if not count:
        return _("Since %(day)s, none was completed.") % told
    words = ngettext(
        "Since %(day)s, %(count)s was completed.", "Since %(day)s, %(count)s were completed.", count
    )
    return words % told


def _fallen(count: int) -> str:
    if not count:
        return ""
    words = ngettext(
        "%(count)s that was completed then no longer is.",
        "%(count)s that were completed then no longer are.",
        count,
    )
    return " " + words % {"count": count}
