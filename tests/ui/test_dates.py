"""Dates as each language writes them."""

from datetime import UTC, date, datetime

from ui import dates

DAY = date(2023, 9, 14)
NBSP = "\u00a0"


def spaced(text: str) -> str:
    return text.replace(NBSP, " ")


def test_write_day_in_both_languages() -> None:
    for write, malay, english in (
        (dates.day, "14 September 2023", "14 September 2023"),
        (dates.short_day, "14 Sep 2023", "14 Sep 2023"),
        (dates.day_month, "14 September", "14 September"),
        (dates.month_year, "September 2023", "September 2023"),
        (dates.weekday_day, "Khamis, 14 September 2023", "Thursday, 14 September 2023"),
    ):
        assert spaced(write(DAY, language="ms")) == malay, write
        assert spaced(write(DAY, language="en")) == english, write
        assert write(None, language="ms") == "", write


def test_write_short_months_in_malay() -> None:
    months = [dates.short_day(date(2023, month, 1), language="ms").split()[1] for month in range(1, 13)]
    assert months == ["Jan", "Feb", "Mac", "Apr", "Mei", "Jun", "Jul", "Ogos", "Sep", "Okt", "Nov", "Dis"]


def test_day_and_year_never_part_from_month() -> None:
    for write in (dates.day, dates.short_day, dates.day_month, dates.weekday_day):
        assert f"14{NBSP}Sep" in write(DAY, language="ms")
    assert dates.day(DAY, language="ms").endswith(f"September{NBSP}2023")
    assert dates.short_day(DAY, language="ms").endswith(f"Sep{NBSP}2023")


def test_write_time_of_day_in_local_time() -> None:
    for hour, malay, english in (
        (0, "12.05 pagi", "12:05 am"),
        (10, "10.05 pagi", "10:05 am"),
        (12, "12.05 tengah hari", "12:05 pm"),
        (13, "1.05 tengah hari", "1:05 pm"),
        (16, "4.05 petang", "4:05 pm"),
        (19, "7.05 malam", "7:05 pm"),
    ):
        instant = datetime(2023, 9, 14, (hour - 8) % 24, 5, tzinfo=UTC)
        assert spaced(dates.time_of_day(instant, language="ms")) == malay, hour
        assert spaced(dates.time_of_day(instant, language="en")) == english, hour


def test_write_instant_on_its_local_day_a_long_range_in_full_and_what_has_lasted() -> None:
    late = datetime(2023, 9, 13, 17, 30, tzinfo=UTC)
    assert spaced(dates.day_time(late, language="ms")) == "14 September 2023, 1.30 pagi"
    written = dates.day_range(date(2023, 4, 1), date(2024, 3, 31), language="ms", long=True)
    assert spaced(written) == "1 April 2023 – 31 Mac 2024"
    assert (
        spaced(dates.elapsed(0, language="ms")) == "hari ini" and dates.elapsed(0, language="en") == "today"
    )
    assert (
        spaced(dates.elapsed(6, language="ms")) == "6 hari"
        and spaced(dates.elapsed(1, language="en")) == "1 day"
    )


def test_write_range_once_what_is_shared() -> None:
    for first, last, expected in (
        (date(2023, 7, 10), date(2023, 8, 31), "10 Jul – 31 Ogos 2023"),
        (date(2023, 7, 3), date(2023, 7, 7), "3 – 7 Jul 2023"),
        (date(2022, 12, 15), date(2023, 1, 3), "15 Dis 2022 – 3 Jan 2023"),
        (date(2023, 3, 22), date(2023, 3, 22), "22 Mac 2023"),
        (date(2023, 3, 22), None, "sejak 22 Mac 2023"),
        (None, date(2023, 3, 22), "hingga 22 Mac 2023"),
        (None, None, ""),
    ):
        assert spaced(dates.day_range(first, last, language="ms")) == expected, first


def test_write_distance_from_today() -> None:
    for on, malay, english in (
        (date(2023, 9, 14), "hari ini", "today"),
        (date(2023, 9, 15), "esok", "tomorrow"),
        (date(2023, 9, 22), "8 hari lagi", "in 8 days"),
        (date(2023, 9, 12), "lewat 2 hari", "2 days late"),
        (date(2023, 9, 13), "lewat 1 hari", "1 day late"),
    ):
        assert spaced(dates.relative_day(on, DAY, language="ms")) == malay, on
        assert spaced(dates.relative_day(on, DAY, language="en")) == english, on
