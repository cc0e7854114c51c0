"""Arithmetic of months at the ends of months, of years and of February."""

from __future__ import annotations

from datetime import date

from ui.months import (
    last_day_of,
    month_after,
    month_before,
    months_before,
    months_within,
    parts_of_months,
    year_before,
)


def test_months_and_years_beside_a_day_whatever_its_place_in_the_month() -> None:
    for day in (date(2024, 1, 1), date(2024, 1, 31)):
        assert (month_before(day), month_after(day)) == (date(2023, 12, 1), date(2024, 2, 1))
        assert last_day_of(day) == date(2024, 1, 31)
    assert last_day_of(date(2024, 2, 1)) == date(2024, 2, 29)
    assert months_before(date(2024, 2, 29), 14) == date(2022, 12, 1)
    assert year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert year_before(date(2024, 3, 31)) == date(2023, 3, 31)


def test_only_whole_months_lie_within_two_days() -> None:
    assert list(months_within(date(2023, 4, 2), date(2023, 7, 30))) == [date(2023, 5, 1), date(2023, 6, 1)]
    assert list(months_within(date(2023, 4, 2), date(2023, 4, 30))) == []


def test_parts_of_months_meet_and_end_with_the_last_day() -> None:
    assert list(parts_of_months(date(2023, 4, 15), date(2023, 6, 10))) == [
        (date(2023, 4, 15), date(2023, 4, 30)),
        (date(2023, 5, 1), date(2023, 5, 31)),
        (date(2023, 6, 1), date(2023, 6, 10)),
    ]
    assert list(parts_of_months(date(2023, 4, 2), date(2023, 4, 1))) == []
