"""Whether the database has room for more people, and its clock agrees with this machine's."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from installation.ages import words_of
from installation.conditions import BROKEN, LOOK, OK, ConditionReport
from installation.parts.part import Sample, StatePart
from ui.numbers import number

#: The database refuses what is recorded when its clock and the machine's differ by so much (`audit.seals`); told before.
MOST_APART_SECONDS, TOLD_APART_SECONDS = 300, 30
#: Part of all connections from which on it is told; and how long a transaction may be open.
_CROWDED, _LONG_SECONDS = 0.8, 30 * 60


@dataclass(frozen=True, slots=True)
class Connections:
    """Connections to the server now and at most, and for how many seconds the oldest transaction of Jejak's is open."""

    now: int
    most: int
    oldest_seconds: float


def ask(question: str, *parameters: Any) -> tuple[Any, ...]:
    """Return the first row of a query. Raises DatabaseError."""
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        return tuple(cursor.fetchone() or ())


def read_connections() -> Connections:
    """Count what is connected; the web's role sees of other roles only that they are."""
    return Connections(
        *ask(
            "SELECT count(*), current_setting('max_connections')::int,"
            " coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)"
            " FILTER (WHERE pid <> pg_backend_pid())), 0)::float8"
            " FROM pg_stat_activity WHERE backend_type = 'client backend'"
        )
    )


def seconds_apart() -> float:
    """Return by how many seconds the clocks of the database and of this machine differ. Raises DatabaseError."""
    before = time.time()
    (there,) = ask("SELECT extract(epoch FROM clock_timestamp())::float8")
    return abs(float(there) - (before + time.time()) / 2)


def _say_connections(found: Connections) -> ConditionReport:
    used = {"now": number(found.now), "most": number(found.most)}
    if found.now > _CROWDED * found.most:
        return LOOK, _(
            "%(now)s of %(most)s connections are in use: ask the operator to allow more, or put PgBouncer in between."
        ) % used
    if found.oldest_seconds > _LONG_SECONDS:
        return LOOK, _(
            "A transaction has been open for %(age)s and may block others: ask the operator to end it."
        ) % {"age": words_of(found.oldest_seconds)}
    return OK, _("It answers; %(now)s of %(most)s connections are in use.") % used


def _measure_connections(found: Connections) -> Iterator[Sample]:
    yield Sample("database_connections", found.now)
    yield Sample("database_connections_most", found.most)
    yield Sample("database_oldest_transaction_seconds", found.oldest_seconds)


def _say_clocks(apart: float) -> ConditionReport:
    age = {"age": words_of(apart)}
    if apart >= MOST_APART_SECONDS:
        return BROKEN, _(
            "The clocks of the server and the database are %(age)s apart, so nothing can be recorded: let NTP set both."
        ) % age
    if apart >= TOLD_APART_SECONDS:
        return LOOK, _(
            "The clocks of the server and the database are %(age)s apart; from 5 minutes on nothing can be recorded: let NTP set both."
        ) % age
    return OK, _("The clocks of the server and the database agree.")


def _measure_clocks(apart: float) -> Iterator[Sample]:
    yield Sample("clock_apart_seconds", apart)


DATABASE = StatePart(
    "database", gettext_lazy("Database"), read_connections, _say_connections, _measure_connections
)
CLOCKS = StatePart("clocks", gettext_lazy("Clocks"), seconds_apart, _say_clocks, _measure_clocks)
