"""Notices that the database does not answer, so that no thread of the web waits for it longer than a moment.

A timeout of the server's says nothing when the server itself stands still, and libpq then waits for ever. Here psycopg2 hands
over each wait. After a second of silence another connection asks whether the server is there: a slow statement goes on, up to
its limit; a server that does not answer counts as away, for all threads at once, until it answers again
(docs/adr/0022).
"""

import logging
import select
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connections
from psycopg2 import extensions

logger = logging.getLogger(__name__)

#: Of silence, before another connection asks; how long that may take; between two attempts while the server is away.
SILENCE_SECONDS, ASKING_SECONDS, PAUSE_SECONDS = 0.8, 1.0, 0.5
#: How long its answer is believed: at the beginning of a silence, and of a statement that is known to be slow.
FRESH_SECONDS, BELIEVED_SECONDS = 0.4, 2.0
#: So often a thread that waits looks whether another one found the server away.
_TICK_SECONDS = 0.2
#: The client gives up this much later than the server should have.
_GRACE_SECONDS = 5.0
#: How a server, or a pool, that is there refuses one connection too many.
_CROWDED = ("too many", "remaining connection slots", "no more connections")


class DatabaseAway(psycopg2.OperationalError):
    """The server does not answer, neither here nor to another connection."""


class DatabaseTooSlow(psycopg2.OperationalError):
    """A statement took longer than its limit, which the server did not keep."""


def told_in_a_sentence(error: Exception, setting: str) -> str:
    """Return why the database does not answer, and what to do, for who started a process by hand or by systemd."""
    said = str(error).strip().splitlines() or [type(error).__name__]
    return f"The database does not answer ({said[0].rstrip('.:')}): start it, or mend {setting}."


class DatabaseWatch:
    """What one process knows of its database. `ask` returns whether the server answers within so many seconds."""

    def __init__(self, ask: Callable[[float], bool], *, statement_seconds: float = 0.0) -> None:
        self._ask = ask
        self._statement_seconds = statement_seconds
        self._asking = threading.Lock()
        self._answered_at = 0.0
        self._is_away = threading.Event()

    @property
    def is_away(self) -> bool:
        """Whether the server did not answer when it was asked last."""
        return self._is_away.is_set()

    def begin(self, *, statement_seconds: float) -> None:
        """Watch every connection that psycopg2 makes in this process."""
        self._statement_seconds = statement_seconds
        extensions.set_wait_callback(self.wait)

    def wait(self, connection: Any) -> None:
        """Wait until an act of a connection is done. Raises DatabaseAway and DatabaseTooSlow, which end the connection."""
        began = heard = time.monotonic()
        while not self.is_away:
            state = connection.poll()
            if state == extensions.POLL_OK:
                return
            came, now = _comes(connection, state, _TICK_SECONDS), time.monotonic()
            if came:
                heard = now
            elif now - heard > SILENCE_SECONDS:
                self.doubt(FRESH_SECONDS if now - heard < 3 * SILENCE_SECONDS else BELIEVED_SECONDS)
                if self._statement_seconds and now - began > self._statement_seconds:
                    raise DatabaseTooSlow("the statement took longer than its limit")
        raise DatabaseAway("the database does not answer")

    def doubt(self, believed: float) -> None:
        """Ask whether the server is there, unless it said so within these seconds. Raises DatabaseAway."""
        with self._asking:
            if not self.is_away and time.monotonic() - self._answered_at > believed:
                if self._ask(ASKING_SECONDS):
                    self._answered_at = time.monotonic()
                else:
                    self._go_away()
        if self.is_away:
            raise DatabaseAway("the database does not answer")

    def _go_away(self) -> None:
        logger.error("The database does not answer: pages say so until it does")
        self._is_away.set()
        threading.Thread(target=self._await_return, name="database-watch", daemon=True).start()

    def _await_return(self) -> None:
        began = time.monotonic()
        while not self._answers_again():
            time.sleep(PAUSE_SECONDS)
        self._answered_at = time.monotonic()
        self._is_away.clear()
        logger.warning("The database answers again after %d seconds", time.monotonic() - began)

    def _answers_again(self) -> bool:
        """Ask once more. Whatever goes wrong, such as a refusal that cannot be decoded: who stopped asking would stay away."""
        try:
            return self._ask(ASKING_SECONDS)
        except Exception:
            logger.exception("The database could not be asked whether it is back")
            return False


def ask_server(seconds: float) -> bool:
    """Return whether the database answers a new connection within so many seconds."""
    try:
        return ask_quickly("SELECT 1", seconds) == (1,)
    except psycopg2.Error as error:
        return any(words in str(error) for words in _CROWDED)


def ask_quickly(question: str, seconds: float) -> tuple[Any, ...] | None:
    """Return the first row of a query on a connection of its own. Raises psycopg2.Error, and DatabaseAway after so long."""
    until = time.monotonic() + seconds
    connection = psycopg2.connect(**connections["default"].get_connection_params(), async_=True)
    try:
        _finish(connection, until)
        cursor = connection.cursor()
        cursor.execute(question)
        _finish(connection, until)
        row: tuple[Any, ...] | None = cursor.fetchone()
    finally:
        connection.close()
    return row


def _finish(connection: Any, until: float) -> None:
    while (state := connection.poll()) != extensions.POLL_OK:
        if not _comes(connection, state, until - time.monotonic()):
            raise DatabaseAway("the database does not answer")


def _comes(connection: Any, state: int, seconds: float) -> bool:
    """Wait until something can be read or written; return False after so many seconds without."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLOUT if state == extensions.POLL_WRITE else select.POLLIN)
    return bool(waiting.poll(max(0, int(seconds * 1000))))


#: Of this process. Nobody asks until `begin`.
watch = DatabaseWatch(ask_server)


def begin() -> None:
    """Watch the database of a process that serves pages, and give its statements the limits of pages."""
    options = settings.PAGE_LIMITS.options(is_pooled=settings.DATABASE_POOLED)
    database = connections.settings["default"]
    database["OPTIONS"] = {**database["OPTIONS"], **options, **settings.DATABASE_ASKED_OPTIONS}
    watch.begin(statement_seconds=settings.PAGE_LIMITS.statement + _GRACE_SECONDS)
