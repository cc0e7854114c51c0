"""Dates and times as each language writes them. Pure: the language comes in, or is the active one.

Every function takes a `date` or an aware `datetime` (turned into local time first) and gives "" for None.
Day, month and year are joined by no-break spaces, so that a line never ends within a date.
"""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language

Moment = date | datetime | None

NBSP = "\u00a0"

_MONTHS = {
    "ms": (
        [
            "Januari",
            "Februari",
            "Mac",
            "April",
            "Mei",
            "Jun",
            "Julai",
            "Ogos",
            "September",
            "Oktober",
            "November",
            "Disember",
        ],
        ["Jan", "Feb", "Mac", "Apr", "Mei", "Jun", "Jul", "Ogos", "Sep", "Okt", "Nov", "Dis"],
    ),
    "en": (
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    ),
}
_WEEKDAYS = {
    "ms": ["Isnin", "Selasa", "Rabu", "Khamis", "Jumaat", "Sabtu", "Ahad"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
# First hour of each part of the day, as Malay names them.
_PARTS_OF_DAY = ((19, "malam"), (14, "petang"), (12, "tengah hari"), (0, "pagi"))


def _chosen(language: str | None) -> str:
    return "en" if (language or get_language() or "ms").startswith("en") else "ms"


def _local_date(moment: date | datetime) -> date:
    return _local(moment).date() if isinstance(moment, datetime) else moment


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _month(on: date, language: str, *, is_short: bool) -> str:
    return _MONTHS[language][1 if is_short else 0][on.month - 1]


def _day_month(on: date, language: str, *, is_short: bool) -> str:
    return f"{on.day}{NBSP}{_month(on, language, is_short=is_short)}"


def day(moment: Moment, *, language: str | None = None) -> str:
    """14 September 2023."""
    if moment is None:
        return ""
    on = _local_date(moment)
    return f"{_day_month(on, _chosen(language), is_short=False)}{NBSP}{on.year}"


def short_day(moment: Moment, *, language: str | None = None) -> str:
    """14 Sep 2023, for tables."""
    if moment is None:
        return ""
    on = _local_date(moment)
    return f"{_day_month(on, _chosen(language), is_short=True)}{NBSP}{on.year}"


def day_month(moment: Moment, *, language: str | None = None) -> str:
    """14 September, where the year is plain from the place."""
    return "" if moment is None else _day_month(_local_date(moment), _chosen(language), is_short=False)


def short_month(moment: Moment, *, language: str | None = None) -> str:
    """Sep: a month in a chart, where the year is plain from the place."""
    return "" if moment is None else _month(_local_date(moment), _chosen(language), is_short=True)


def weekday_day(moment: Moment, *, language: str | None = None) -> str:
    """Khamis, 14 September 2023."""
    if moment is None:
        return ""
    on = _local_date(moment)
    return f"{_WEEKDAYS[_chosen(language)][on.weekday()]}, {day(on, language=language)}"


def time_of_day(moment: datetime | None, *, language: str | None = None) -> str:
    """10.42 pagi, 12.05 tengah hari, 4.10 petang, 9.30 malam; in English 10:42 am."""
    if moment is None:
        return ""
    at = _local(moment)
    hour = at.hour % 12 or 12
    if _chosen(language) == "en":
        return f"{hour}:{at.minute:02}{NBSP}{'am' if at.hour < 12 else 'pm'}"
    part = next(name for first_hour, name in _PARTS_OF_DAY if at.hour >= first_hour)
    return f"{hour}.{at.minute:02}{NBSP}{part}"


def whole_hour(hour: int, *, language: str | None = None) -> str:
    """8.00 pagi, 8:00 am: an hour of any day, 0 to 23."""
    return time_of_day(datetime(2000, 1, 1, hour), language=language)  # noqa: DTZ001 - an hour of no place


def day_time(moment: datetime | None, *, language: str | None = None) -> str:
    """14 September 2023, 10.42 pagi."""
    if moment is None:
        return ""
    return f"{day(moment, language=language)}, {time_of_day(moment, language=language)}"


def machine_time(moment: datetime) -> str:
    """2023-09-14T10:42:00+08:00, for the `datetime` of a time element."""
    return _local(moment).isoformat(timespec="seconds")


def day_range(first: Moment, last: Moment, *, language: str | None = None, long: bool = False) -> str:
    """10 Jul – 31 Ogos 2023; both days count. What the two dates share is written once.

    With one end open: "sejak 10 Jul 2023" or "hingga 31 Ogos 2023". With `long`, months in full.
    """
    whole = day if long else short_day
    if first is None or last is None:
        return _half_open(whole(first, language=language), whole(last, language=language), _chosen(language))
    begin, end = _local_date(first), _local_date(last)
    written = whole(end, language=language)
    if begin == end:
        return written
    if begin.year != end.year:
        opening = whole(begin, language=language)
    elif begin.month != end.month:
        opening = _day_month(begin, _chosen(language), is_short=not long)
    else:
        opening = str(begin.day)
    return f"{opening}{NBSP}– {written}"


def _half_open(first: str, last: str, language: str) -> str:
    if first:
        return f"{'since' if language == 'en' else 'sejak'} {first}"
    if last:
        return f"{'until' if language == 'en' else 'hingga'} {last}"
    return ""


def days(count: int, *, language: str | None = None) -> str:
    """6 hari; 1 day, 6 days."""
    if _chosen(language) == "ms":
        return f"{count}{NBSP}hari"
    return f"{count}{NBSP}{'day' if count == 1 else 'days'}"


def relative_day(moment: Moment, today: date, *, language: str | None = None) -> str:
    """How far a due date is from today: hari ini, esok, 8 hari lagi, lewat 2 hari. Whole days, lower case."""
    if moment is None:
        return ""
    distance_days = (_local_date(moment) - today).days
    is_english = _chosen(language) == "en"
    if distance_days == 0:
        return "today" if is_english else f"hari{NBSP}ini"
    if distance_days == 1:
        return "tomorrow" if is_english else "esok"
    span = days(abs(distance_days), language=language)
    if distance_days > 0:
        return f"in {span}" if is_english else f"{span} lagi"
    return f"{span} late" if is_english else f"lewat {span}"
