"""What is broken, how, how it is mended, and who must say so. Breaks of one wave happen at once, and nothing else may be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trials.watch.installation import WatchedInstallation

#: The web looks twice a minute, a schedule is late after three, and machines are busy.
SEEN_SECONDS, LATE_SECONDS = 120.0, 330.0


@dataclass(frozen=True)
class Break:
    """One part that is broken: its names for metrics, doctor and (where it tells of it) readiness; `drags` are others that go with it."""

    what: str
    begin: Callable[[WatchedInstallation], object]
    mend: Callable[[WatchedInstallation], object]
    part: str
    doctor: str
    readiness: str = ""
    within: float = SEEN_SECONDS
    drags: frozenset[str] = frozenset()


def _rows(break_by: str, mend_by: str) -> dict[str, Callable[[WatchedInstallation], object]]:
    """Return how a part breaks and is mended by a statement each."""
    return {
        "begin": lambda made: made.as_superuser(break_by),
        "mend": lambda made: made.as_superuser(mend_by),
    }


def _shift(
    table: str, column: str, age: str = "10 days"
) -> dict[str, Callable[[WatchedInstallation], object]]:
    """Return how rows grow old and young again."""
    return _rows(*(f"UPDATE {table} SET {column} = {column} {sign} interval '{age}'" for sign in "-+"))


#: A function of the same name goes before PostgreSQL's own, for this database's role of the web: its clock is ahead.
_CLOCK_JUMPS = (
    "CREATE SCHEMA jump; GRANT USAGE ON SCHEMA jump TO PUBLIC;"
    " CREATE FUNCTION jump.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
    " $$SELECT pg_catalog.clock_timestamp() + interval '400 s'$$;"
    " ALTER ROLE {role} SET search_path = jump, pg_catalog, public"
)
_CLOCK_RETURNS = "ALTER ROLE {role} RESET search_path; DROP SCHEMA jump CASCADE"
_ASK_FOR_LINK = (
    "INSERT INTO accounts_askedmail (task, facts, asked_at, next_attempt_at, attempts_count)"
    " SELECT 'accounts.tasks.send_invitation', jsonb_build_array(id), clock_timestamp() - interval '2 hours',"
    " clock_timestamp(), 0 FROM accounts_user"
)
_TRY_NOW = "UPDATE accounts_askedmail SET next_attempt_at = clock_timestamp()"

_CERTIFICATE = Break(
    "certificate that ends in 5 days",
    lambda made: made.show_certificate(5),
    lambda made: made.show_certificate(60),
    "certificate",
    "certificate",
)
_SCANNER = Break(
    "scanner off",
    lambda made: made.scanner.close(),
    lambda made: made.start_scanner(),
    "scanner",
    "scanner",
    "scanner",
)
_DISK = Break("disk full", lambda made: made.fill(), lambda made: made.empty(), "disk", "room", "disk")
_BROKER = Break(
    "broker stopped",
    lambda made: made.stop("valkey"),
    lambda made: made.start("valkey"),
    "broker",
    "broker",
    "broker",
)


def _refuse_mail(made: WatchedInstallation) -> None:
    made.stop("mail server")
    made.as_superuser(_ASK_FOR_LINK)


def _take_mail(made: WatchedInstallation) -> None:
    made.start("mail server")
    made.as_superuser(_TRY_NOW)


_MAIL = Break("mail server off", _refuse_mail, _take_mail, "mails", "mail", within=180)
_BACKUP = Break("backup old", **_shift("backups_backup", "began_at"), part="backups", doctor="backups")
_ANCHOR = Break("anchor old", **_shift("audit_anchor", "at"), part="anchors", doctor="anchors")
_CLOCK = Break(
    "clock that jumps",
    lambda made: made.as_superuser(_CLOCK_JUMPS.format(role=made.web_role)),
    lambda made: made.as_superuser(_CLOCK_RETURNS.format(role=made.web_role)),
    "clocks",
    "clocks",
)
_DATABASE = Break(
    "database hung",
    lambda made: made.halt_database(),
    lambda made: made.continue_database(),
    "database",
    "database",
    "database",
    drags=frozenset({"clocks", "beat", "queues", "mails", "scans", "files", "backups", "anchors", "version"}),
)
_SCHEDULE = Break(
    "schedule stopped",
    lambda made: made.stop("beat"),
    lambda made: made.start("beat"),
    "beat",
    "beat",
    "beat",
    LATE_SECONDS,
)
_WORKER = Break(
    "worker stopped",
    lambda made: made.stop("worker"),
    lambda made: made.start("worker"),
    "beat",
    "beat",
    "beat",
    LATE_SECONDS,
)
#: What takes long shares its wait with others that have nothing to do with it.
WAVES = [
    [_SCANNER, _BROKER, _MAIL],
    [_DATABASE],
    [_SCHEDULE, _CERTIFICATE, _BACKUP],
    [_WORKER, _DISK, _ANCHOR, _CLOCK],
]
