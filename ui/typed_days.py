"""Read a day as people type it, and write it back into a field: 3/7/2023, 3 Jul 2023, 3hb Julai 2023, 2023-07-03.

The day always comes before the month, whatever the language of the page or of the browser. `ui/static/ui/dates.js` reads
the same in the browser; `tests/ui/typed_days.py` holds both to one table.

A day without its year (3/7, 3 Julai) is read where the days that a field takes are bounded: it is the last such day up to
the latest one, else the first from the earliest one.
"""

import re
from datetime import date

from django.utils.translation import gettext as _

from ui import dates

#: A day whose day and month cannot be swapped, shown where somebody has to see how to write one.
EXAMPLE = date(2023, 8, 31)
#: The first and the last day that anybody means: far around the cycles, and around the laws and treaties that they tell of.
FIRST_DAY, LAST_DAY = date(1900, 1, 2), date(2099, 12, 31)
#: Two digits of a year are of this century.
_CENTURY = 2000

_ISO = re.compile(r"([1-9][0-9]{3})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_FIGURES = re.compile(r"([0-9]{1,2}) ?([-/.]) ?([0-9]{1,2})(?: ?\2 ?([1-9][0-9]{3}|[0-9]{2}))?")
_WORDS = re.compile(
    r"(?:[a-z]+,? )?([0-9]{1,2})(?: ?(?:(?:hb|haribulan)\b\.?|(?:st|nd|rd|th)\b))?[-/. ]{0,2}([a-z]{3,})"
    r"(?:[-/., ]{0,2}([1-9][0-9]{3}|[0-9]{2}))?"
)


class UnreadableDay(ValueError):
    """A text is no day; the message says so, with an example, in the reader's language."""


def hint() -> str:
    """Return how a day is written, with an example, for an empty field."""
    return _("Day/month/year, such as %(figures)s") % {"figures": write_day(EXAMPLE)}


def write_day(day: date) -> str:
    """Return the day as a field shows it: 3/7/2023."""
    return f"{day.day}/{day.month}/{day.year}"


def read_day(
    text: str, *, takes_short_years: bool = True, earliest: date | None = None, latest: date | None = None
) -> date:
    """Return the day that a text means: in figures, in words of either language, or in ISO 8601.

    `takes_short_years`: whether 3/7/23 is a day of 2023. `earliest` and `latest` give the year that is left out. Raises
    `UnreadableDay` for everything else, for a day that no calendar has, and for one that is before `FIRST_DAY` or after
    `LAST_DAY`.
    """
    parts = _parts(" ".join(text.split()).casefold())
    if parts is None or (parts[0] and len(parts[0]) == 2 and not takes_short_years):
        raise _unreadable(text)
    year, month, day = parts[0], int(parts[1]), int(parts[2])
    if year:
        found = _day_of(int(year) + _CENTURY if len(year) == 2 else int(year), month, day)
    else:
        found = _within(month, day, earliest=earliest, latest=latest)
    if found is None:
        raise _unreadable(text)
    if not FIRST_DAY <= found <= LAST_DAY:
        raise UnreadableDay(
            _(
                "“%(text)s” is too far from the report’s years. Check the year: it is between %(first)s and %(last)s."
            )
            % {"text": _shown(text), "first": FIRST_DAY.year, "last": LAST_DAY.year}
        )
    return found


def day_or_none(text: str, *, earliest: date | None = None, latest: date | None = None) -> date | None:
    """Return the day that a text means, or None."""
    try:
        return read_day(text, earliest=earliest, latest=latest)
    except UnreadableDay:
        return None


def _day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _within(month: int, day: int, *, earliest: date | None, latest: date | None) -> date | None:
    """Return the last such day up to `latest`, else the first from `earliest`; None without either."""
    if latest:
        days = (_day_of(latest.year - back, month, day) for back in (0, 1))
        return next((found for found in days if found and found <= latest), None)
    if earliest:
        days = (_day_of(earliest.year + ahead, month, day) for ahead in (0, 1))
        return next((found for found in days if found and found >= earliest), None)
    return None


def _parts(text: str) -> tuple[str | None, str, str] | None:
    """Return year (None where it is left out), month and day as figures; None where the text has not the form of a day."""
    if found := _ISO.fullmatch(text):
        return found[1], found[3], found[4]
    if found := _FIGURES.fullmatch(text):
        return found[4], found[3], found[1]
    found = _WORDS.fullmatch(text)
    month = _month_called(found[2]) if found else 0
    return (found[3], str(month), found[1]) if found and month else None


def _month_called(name: str) -> int:
    """Return the number of the month of either language that begins with these letters; 0 where none does."""
    for months in dates.MONTHS.values():
        for number, month in enumerate(months, start=1):
            if month.casefold().startswith(name):
                return number
    return 0


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _unreadable(text: str) -> UnreadableDay:
    return UnreadableDay(
        _("“%(text)s” is not a valid date. Write the day, month and year, such as %(figures)s or %(words)s.")
        % {"text": _shown(text), "figures": write_day(EXAMPLE), "words": dates.short_day(EXAMPLE)}
    )
