"""Dates against the window, and the days of a cycle."""

from datetime import date, timedelta

from recommendations.models import Cycle
from recommendations.queries.window_clock import WindowClock
from recommendations.windows import date_problems, window_label
from recommendations.working_days import count_working_days, is_working_day

CYCLE = Cycle(window_start=date(2023, 4, 1), window_end=date(2024, 3, 31), cadence_days=30)


def test_window_label() -> None:
    for start, end, place in (
        (date(2023, 4, 1), date(2024, 3, 31), "inside"),
        (date(2023, 3, 31), date(2023, 4, 1), "spanning"),
        (date(2023, 3, 22), date(2023, 3, 22), "before"),
        (date(2024, 4, 1), date(2024, 4, 8), "after"),
        (date(2023, 1, 1), date(2024, 12, 31), "spanning"),
        (date(2023, 7, 1), None, "inside"),
        (None, date(2024, 4, 1), "after"),
        (None, None, ""),
        (date(2023, 3, 31), None, "before"),
        (None, date(2023, 3, 31), "before"),
        (date(2023, 3, 1), date(2023, 3, 31), "before"),
        (date(2024, 4, 1), None, "after"),
        (date(2024, 3, 31), date(2024, 4, 1), "spanning"),
        (date(2023, 4, 1), date(2023, 4, 1), "inside"),
        (date(2024, 3, 31), date(2024, 3, 31), "inside"),
        (date(2023, 3, 31), date(2024, 3, 31), "spanning"),
        (date(2023, 4, 1), date(2024, 4, 1), "spanning"),
    ):
        assert window_label(start, end, CYCLE) == place, start


def test_day_number_of_the_demonstration() -> None:
    clock = WindowClock(CYCLE, date(2023, 9, 14))
    assert (clock.day_number, clock.day_count) == (167, 366)


def test_next_due_stays_within_the_window() -> None:
    assert CYCLE.next_due_after(date(2023, 9, 14)) == date(2023, 10, 14)
    assert CYCLE.next_due_after(date(2024, 3, 20)) == date(2024, 3, 31)
    assert CYCLE.next_due_after(date(2024, 3, 31)) is None


START, END = date(2023, 4, 1), date(2024, 3, 31)
DAY = timedelta(days=1)


def test_dates_of_a_cycle_hold_together() -> None:
    for changes, problems in (
        ({}, {}),
        ({"interim_on": START}, {}),
        ({"interim_on": END}, {}),
        ({"submission_on": START}, {}),
        ({"submission_on": END + 300 * DAY}, {}),
        ({"start": END, "interim_on": END, "submission_on": END}, {}),
        ({"end": START + 732 * DAY}, {}),
        ({"end": START + 733 * DAY}, {"window_end": "Tempoh penilaian melebihi dua tahun."}),
        (
            {"end": START - DAY},
            {"window_end": "Tempoh penilaian berakhir (2023-03-31) sebelum bermula (2023-04-01)."},
        ),
        ({"interim_on": START - DAY}, {"interim_on": "Tarikh interim di luar tempoh penilaian."}),
        ({"interim_on": END + DAY}, {"interim_on": "Tarikh interim di luar tempoh penilaian."}),
        (
            {"submission_on": START - DAY},
            {"submission_on": "Maklumat perlu diserahkan sebelum tempoh penilaian bermula."},
        ),
    ):
        dates = {
            "start": START,
            "end": END,
            "interim_on": date(2023, 9, 30),
            "submission_on": date(2024, 2, 1),
        }
        assert date_problems(**(dates | changes)) == problems, changes


def test_all_problems_of_the_dates_are_said_at_once() -> None:
    far = START + 1000 * DAY
    found = date_problems(start=START, end=far, interim_on=far + DAY, submission_on=START - DAY)
    assert set(found) == {"window_end", "interim_on", "submission_on"}


def test_offices_in_putrajaya_close_on_weekends_and_holidays() -> None:
    for day, is_open in (
        (date(2023, 9, 15), True),  # a Friday
        (date(2023, 9, 16), False),  # a Saturday, and Malaysia Day
        (date(2023, 9, 17), False),  # a Sunday
        (date(2023, 9, 18), True),
        (date(2023, 8, 31), False),  # Merdeka, a Thursday
        (date(2023, 2, 1), False),  # the day of the federal territories, a Wednesday
        (date(2024, 2, 1), False),
        (date(2023, 11, 13), False),  # in lieu of a Sunday
        (date(2023, 9, 14), True),
        (date(2023, 9, 29), True),  # Fridays are worked
    ):
        assert is_working_day(day) is is_open, day


def test_working_days_are_counted_after_a_day_and_up_to_another() -> None:
    friday = date(2023, 9, 15)
    assert count_working_days(friday, friday) == 0
    assert count_working_days(friday, friday + 3 * DAY) == 1
    assert count_working_days(friday - DAY, friday) == 1
    assert count_working_days(friday, friday - 3 * DAY) == 0
    assert count_working_days(friday, friday + 7 * DAY) == 5
