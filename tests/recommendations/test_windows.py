"""Dates against the window, and the days of a cycle."""

from datetime import date

import pytest

from recommendations.models import Cycle
from recommendations.queries.window_clock import WindowClock
from recommendations.windows import window_label

CYCLE = Cycle(window_start=date(2023, 4, 1), window_end=date(2024, 3, 31), cadence_days=30)


@pytest.mark.parametrize(
    ("start", "end", "place"),
    [
        (date(2023, 4, 1), date(2024, 3, 31), "inside"),
        (date(2023, 3, 31), date(2023, 4, 1), "spanning"),
        (date(2023, 3, 22), date(2023, 3, 22), "before"),
        (date(2024, 4, 1), date(2024, 4, 8), "after"),
        (date(2023, 1, 1), date(2024, 12, 31), "spanning"),
        (date(2023, 7, 1), None, "inside"),
        (None, date(2024, 4, 1), "after"),
        (None, None, ""),
    ],
)
def test_window_label(start: date | None, end: date | None, place: str) -> None:
    assert window_label(start, end, CYCLE) == place


def test_day_number_of_the_demonstration() -> None:
    clock = WindowClock(CYCLE, date(2023, 9, 14))
    assert (clock.day_number, clock.day_count) == (167, 366)


def test_next_due_stays_within_the_window() -> None:
    assert CYCLE.next_due_after(date(2023, 9, 14)) == date(2023, 10, 14)
    assert CYCLE.next_due_after(date(2024, 3, 20)) == date(2024, 3, 31)
    assert CYCLE.next_due_after(date(2024, 3, 31)) is None
