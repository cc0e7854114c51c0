"""How long the database may take: of pages, and of everything else (workers, the schedule, commands, migrations).

The server keeps the limits, by the options with which a connection begins. A pool may refuse those: before one, only what
the client keeps by itself is set, and the rest belongs to the role (docs/operations.md).
"""

from dataclasses import dataclass, replace
from typing import Any

from tracker.env import Reader

#: A connection whose other end is gone without a word ends within 15 to 25 seconds. Over a socket file these mean nothing.
_WHEN_SILENT = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
#: How often the server looks whether the client of a long statement is still there.
_CLIENT_CHECK_SECONDS = 5


@dataclass(frozen=True)
class DatabaseLimits:
    """Seconds for a connection, a statement, the wait for a lock, and a transaction in which nothing happens; 0: any."""

    connect: int
    statement: int
    lock: int
    idle: int

    def options(self, *, is_pooled: bool) -> dict[str, Any]:
        """Return the OPTIONS of DATABASES."""
        client = {"connect_timeout": self.connect, **_WHEN_SILENT}
        return client if is_pooled else {**client, "options": self._server_options()}

    def _server_options(self) -> str:
        limits = {
            "statement_timeout": self.statement,
            "lock_timeout": self.lock,
            "idle_in_transaction_session_timeout": self.idle,
            "client_connection_check_interval": _CLIENT_CHECK_SECONDS,
        }
        return " ".join(f"-c {name}={seconds}s" for name, seconds in limits.items())


def read_limits(env: Reader, *, is_owner: bool) -> tuple[DatabaseLimits, DatabaseLimits]:
    """Return the limits of pages and of work beside them; the owner's statements may take any time. Raises BadSetting."""
    pages = DatabaseLimits(
        connect=env.number("DATABASE_CONNECT_SECONDS", 5, at_least=2, at_most=60),
        statement=env.number("DATABASE_STATEMENT_SECONDS", 30, at_least=1, at_most=600),
        lock=env.number("DATABASE_LOCK_SECONDS", 10, at_least=1, at_most=600),
        idle=env.number("DATABASE_IDLE_SECONDS", 600, at_least=10, at_most=86_400),
    )
    work = replace(
        pages,
        statement=env.number("DATABASE_WORK_STATEMENT_SECONDS", 900, at_least=10, at_most=86_400),
        lock=env.number("DATABASE_WORK_LOCK_SECONDS", 60, at_least=1, at_most=86_400),
    )
    return pages, replace(work, statement=0, idle=0) if is_owner else work
