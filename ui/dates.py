"""Write dates and times as Malay and English write them.

Every function takes a `date` or an aware `datetime` (converted to local time first), returns "" for None, and
writes in `language` ("ms" or "en", by default the active one). Day, month and year are joined by no-break spaces,
so that a line never ends inside a date. Why this is not Babel: docs/adr/0019.
"""
# ruff: noqa: SIM905 - names in a row read better than a list of twelve lines

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import get_language

Moment = date | datetime | None

NBSP = "\u00a0"

#: By language; the scripts of the pages get these names from here.
MONTHS = {
    "ms": "Januari Februari Mac April Mei Jun Julai Ogos September Oktober November Disember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_SHORT_MONTHS = {
    "ms": "Jan Feb Mac Apr Mei Jun Jul Ogos Sep Okt Nov Dis".split(),
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
}
WEEKDAYS = {
    "ms": "Isnin Selasa Rabu Khamis Jumaat Sabtu Ahad".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}
# First hour of each part of the day, as Malay names them.
_PARTS_OF_DAY = ((19, "malam"), (14, "petang"), (12, "tengah hari"), (0, "pagi"))


def supported_language(language: str | None = None) -> str:
    """Return "en" or "ms" for a language code, or for the active language."""
    return "en" if (language or get_language() or "ms").startswith("en") else "ms"


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _local_date(moment: date | datetime) -> date:
    return _local(moment).date() if isinstance(moment, datetime) else moment


def _day_month(on: date, language: str | None, *, is_short: bool) -> str:
    months = _SHORT_MONTHS if is_short else MONTHS
    return f"{on.day}{NBSP}{months[supported_language(language)][on.month - 1]}"


def day(moment: Moment, *, language: str | None = None) -> str:
    """Return the day with its month in full: 14 September 2023."""
    return _whole_day(moment, language, is_short=False)


def short_day(moment: Moment, *, language: str | None = None) -> str:
    """Return the day with a short month, for tables: 14 Sep 2023."""
    return _whole_day(moment, language, is_short=True)


def _whole_day(moment: Moment, language: str | None, *, is_short: bool) -> str:
    if moment is None:
        return ""
    on = _local_date(moment)
    return f"{_day_month(on, language, is_short=is_short)}{NBSP}{on.year}"


def day_month(moment: Moment, *, language: str | None = None) -> str:
    """Return day and month where the page says the year elsewhere: 14 September."""
    return "" if moment is None else _day_month(_local_date(moment), language, is_short=False)


def short_month(moment: Moment, *, language: str | None = None) -> str:
    """Return the short month for a chart: Sep."""
    return (
        "" if moment is None else _SHORT_MONTHS[supported_language(language)][_local_date(moment).month - 1]
    )


def month_year(moment: Moment, *, language: str | None = None) -> str:
    """Return the month in full with its year: September 2023."""
    if moment is None:
        return ""
    on = _local_date(moment)
    return f"{MONTHS[supported_language(language)][on.month - 1]}{NBSP}{on.year}"


def weekday_day(moment: Moment, *, language: str | None = None) -> str:
    """Return the day with its weekday: Khamis, 14 September 2023."""
    if moment is None:
        return ""
    on = _local_date(moment)
    return f"{WEEKDAYS[supported_language(language)][on.weekday()]}, {day(on, language=language)}"


def time_of_day(moment: datetime | None, *, language: str | None = None) -> str:
    """Return the time with its part of the day: 10.42 pagi, 4.10 petang; in English 10:42 am."""
    if moment is None:
        return ""
    at = _local(moment)
    return _clock_time(at.hour, at.minute, language)


def _clock_time(hour: int, minute: int, language: str | None) -> str:
    shown = hour % 12 or 12
    if supported_language(language) == "en":
        return f"{shown}:{minute:02}{NBSP}{'am' if hour < 12 else 'pm'}"
    part = next(name for first_hour, name in _PARTS_OF_DAY if hour >= first_hour)
    return f"{shown}.{minute:02}{NBSP}{part}"


def whole_hour(hour: int, *, language: str | None = None) -> str:
    """Return an hour (0 to 23) of any day: 8.00 pagi, 8:00 am."""
    return _clock_time(hour, 0, language)


def clock_time(at: time, *, language: str | None = None) -> str:
    """Return a time of any day: 10.30 pagi, 10:30 am."""
    return _clock_time(at.hour, at.minute, language)


def day_time(moment: datetime | None, *, language: str | None = None) -> str:
    """Return day and time: 14 September 2023, 10.42 pagi."""
    if moment is None:
        return ""
    return f"{day(moment, language=language)}, {time_of_day(moment, language=language)}"


def machine_time(moment: datetime) -> str:
    """Return the local instant in ISO 8601, for the `datetime` attribute of a time element."""
    return _local(moment).isoformat(timespec="seconds")


def day_range(first: Moment, last: Moment, *, language: str | None = None, long: bool = False) -> str:
    """Return a range of days, both included: 10 Jul – 31 Ogos 2023.

    What the two dates share is written once. With one end missing: "sejak 10 Jul 2023" or "hingga 31 Ogos 2023".
    With `long`, months are written in full.
    """
    whole = day if long else short_day
    if first is None or last is None:
        return _open_range(whole(first, language=language), whole(last, language=language), language)
    begin, end = _local_date(first), _local_date(last)
    written = whole(end, language=language)
    if begin == end:
        return written
    if begin.year != end.year:
        opening = whole(begin, language=language)
    elif begin.month != end.month:
        opening = _day_month(begin, language, is_short=not long)
    else:
        opening = str(begin.day)
    return f"{opening}{NBSP}– {written}"


def _open_range(first: str, last: str, language: str | None) -> str:
    """Return the words for a range with one end, or "" when both ends are empty."""
    is_english = supported_language(language) == "en"
    if first:
        return f"{'since' if is_english else 'sejak'} {first}"
    return f"{'until' if is_english else 'hingga'} {last}" if last else ""


def days(count: int, *, language: str | None = None) -> str:
    """Return a number of days in words: 6 hari; 1 day, 6 days."""
    if supported_language(language) == "ms":
        return f"{count}{NBSP}hari"
    return f"{count}{NBSP}{'day' if count == 1 else 'days'}"


def elapsed(count: int, *, language: str | None = None) -> str:
    """Return how many days something has lasted: hari ini, 6 hari; today, 6 days."""
    return days(count, language=language) if count else _today_in_words(language)


def _today_in_words(language: str | None) -> str:
    return "today" if supported_language(language) == "en" else f"hari{NBSP}ini"


def relative_day(moment: Moment, today: date, *, language: str | None = None) -> str:
    """Return how far a due date is from today: hari ini, esok, 8 hari lagi, lewat 2 hari (whole days)."""
    if moment is None:
        return ""
    distance_days = (_local_date(moment) - today).days
    is_english = supported_language(language) == "en"
    if distance_days == 0:
        return _today_in_words(language)
    if distance_days == 1:
        return "tomorrow" if is_english else "esok"
    span = days(abs(distance_days), language=language)
    if distance_days > 0:
        return f"in {span}" if is_english else f"{span} lagi"
    return f"{span} late" if is_english else f"lewat {span}"
