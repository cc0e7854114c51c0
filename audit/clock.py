"""The one place that reads the time. Views, tasks and commands call `now()`; services get it as an argument.

Instants are aware and in UTC; days are those of Asia/Kuala_Lumpur. In a demonstration, one offset in the
database shifts the clock of every process; sessions and rate limits still use the real clock.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    "pooled": _(
        "A demonstration's past is played on one connection: write DATABASE_POOLED=false, and use no pool."
    ),
    "JJ003": _("This database already holds records, so it cannot become a demonstration. Use an empty one."),
}


def now() -> datetime:
    """Return the present instant in UTC; in a demonstration its own (one query)."""
    if not settings.DEMO:
        return datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT jejak_now()")
        instant: datetime = cursor.fetchone()[0]
    return instant.astimezone(UTC)


def local_date(instant: datetime) -> date:
    """Return the day in Kuala Lumpur of an aware instant. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("an instant carries its time zone")
    return instant.astimezone(KUALA_LUMPUR).date()


def today() -> date:
    """Return the present day in Kuala Lumpur."""
    return local_date(now())


def end_of_day(day: date) -> datetime:
    """Return the first instant after a day in Kuala Lumpur: "as at" that day means recorded before it."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=KUALA_LUMPUR).astimezone(UTC)


def is_demo() -> bool:
    """Return whether the database is a demonstration, whatever settings.DEMO says (one query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_demo FROM audit_clock")
        return bool(cursor.fetchone()[0])


def move_to(instant: datetime) -> datetime:
    """Move the demonstration's clock forward to an instant, for every process, and return that instant.

    Raises NotNow outside a demonstration, or when the instant is not ahead.
    """
    if not settings.DEMO:
        raise NotNow(_REFUSALS["JJ001"])
    _execute("SELECT jejak_move_clock(%s)", instant)
    return instant


def begin_demo(instant: datetime) -> datetime:
    """Turn an empty database into a demonstration whose present is this instant; only for the owner's
    commands.

    Raises NotAllowed for the web's database role; NotNow when settings.DEMO is off, when records exist
    already, or when the demonstration is past the instant.
    """
    if not settings.DEMO:
        raise NotNow(_REFUSALS["JJ001"])
    _demand_owner()
    _execute("""UPDATE audit_clock SET is_demo = true, "offset" = %s - clock_timestamp()""", instant)
    return instant


@contextmanager
def seeding(instant: datetime) -> Iterator[None]:
    """Record everything inside as if it happened at this instant; only the demonstration's seeder uses it.

    Raises NotAllowed for the web's database role, NotNow outside a demonstration and behind a pool.
    """
    if not (settings.DEMO and is_demo()):
        raise NotNow(_REFUSALS["JJ001"])
    if settings.DATABASE_POOLED:
        raise NotNow(_REFUSALS["pooled"])
    _demand_owner()
    before = _seed(instant.astimezone(UTC).isoformat())
    try:
        yield
    finally:
        # A broken transaction in which the seed was set takes it with it when it is rolled back.
        with suppress(DatabaseError):
            _seed(before)


def _seed(value: str) -> str:
    """Set the connection's seed instant ("" for none) and return the one before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('jejak.seed_at', true), set_config('jejak.seed_at', %s, false)", [value]
        )
        return cursor.fetchone()[0] or ""


def _demand_owner() -> None:
    """Raise NotAllowed unless this connection's role owns the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jejak_is_owner()")
        if not cursor.fetchone()[0]:
            raise NotAllowed(_("Only the owner of the database may do this."))


def _execute(sql: str, instant: datetime) -> None:
    """Run a statement that takes an instant, and turn the database's refusal into NotNow."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [instant])
    except DatabaseError as error:
        message = _REFUSALS.get(getattr(error.__cause__, "pgcode", None) or "")
        if message is None:
            raise
        raise NotNow(message) from error
