"""The one place that reads the time. Services take `now`; views, tasks and commands call `now()` here.

Instants are aware and in UTC; days are those of Asia/Kuala_Lumpur. In a demo, one offset in the database
shifts every process alike; sessions and limits go on using the real clock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy as _

from audit.errors import NotAllowed, NotNow

KUALA_LUMPUR = ZoneInfo("Asia/Kuala_Lumpur")

_REFUSALS = {
    "JJ001": _("Only a demonstration has a clock that can be moved."),
    "JJ002": _("The demonstration's clock only moves forward."),
    "JJ003": _("This database already holds records, so it cannot become a demonstration. Use an empty one."),
}


def now() -> datetime:
    """The present instant, aware, in UTC; in a demo the demo's (one query)."""
    if not settings.DEMO:
        return datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT jejak_now()")
        instant: datetime = cursor.fetchone()[0]
    return instant.astimezone(UTC)


def local_date(instant: datetime) -> date:
    """The day in Kuala Lumpur on which an instant falls."""
    if instant.tzinfo is None:
        raise ValueError("an instant carries its time zone")
    return instant.astimezone(KUALA_LUMPUR).date()


def today() -> date:
    """The present day in Kuala Lumpur."""
    return local_date(now())


def end_of_day(day: date) -> datetime:
    """The first instant after a day in Kuala Lumpur: as at that day = recorded before this instant."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=KUALA_LUMPUR).astimezone(UTC)


def is_demo() -> bool:
    """Whether the database is a demonstration, whatever settings.DEMO says (one query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_demo FROM audit_clock")
        return bool(cursor.fetchone()[0])


def move_to(instant: datetime) -> datetime:
    """Moves the demo's clock forward to an instant, for every process; it ticks on from there.

    Raises NotNow when this is no demo, or when the instant is not ahead.
    """
    if not settings.DEMO:
        raise NotNow(_REFUSALS["JJ001"])
    _execute("SELECT jejak_move_clock(%s)", instant)
    return instant


def begin_demo(instant: datetime) -> datetime:
    """Makes an empty database a demonstration whose present is this instant; for the owner's commands only.

    Raises NotAllowed for the web's role; NotNow when settings.DEMO is off, when records exist already, or
    when it is a demo that has gone past the instant.
    """
    if not settings.DEMO:
        raise NotNow(_REFUSALS["JJ001"])
    _demand_owner()
    _execute("""UPDATE audit_clock SET is_demo = true, "offset" = %s - clock_timestamp()""", instant)
    return instant


@contextmanager
def seeding(instant: datetime) -> Iterator[None]:
    """Everything recorded inside is recorded at this instant: only the demo's seeder writes the past.

    Raises NotAllowed for the web's role, NotNow outside a demonstration.
    """
    if not (settings.DEMO and is_demo()):
        raise NotNow(_REFUSALS["JJ001"])
    _demand_owner()
    before = _seed(instant.astimezone(UTC).isoformat())
    try:
        yield
    finally:
        _restore_seed(before)


def _seed(value: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('jejak.seed_at', true), set_config('jejak.seed_at', %s, false)", [value]
        )
        return cursor.fetchone()[0] or ""


def _restore_seed(value: str) -> None:
    try:
        _seed(value)
    except DatabaseError:
        # The transaction in which the seed was set is broken: rolling it back takes the seed with it.
        return


def _demand_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT jejak_is_owner()")
        if not cursor.fetchone()[0]:
            raise NotAllowed(_("Only the owner of the database may do this."))


def _execute(sql: str, instant: datetime) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [instant])
    except DatabaseError as error:
        message = _REFUSALS.get(getattr(error.__cause__, "pgcode", None) or "")
        if message is None:
            raise
        raise NotNow(message) from error
