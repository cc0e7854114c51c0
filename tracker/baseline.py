"""Whether a database has the tables of this product, or those from before version 1.0 (docs/adr/0002)."""

from enum import Enum
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg2

#: What the first migration of `audit` writes into the table of `audit.models.Baseline`: which edition of the first migrations
#: it is. Until 1.0 is released they are edited in place, and each edition has tables of its own.
BASELINE = "1.0-5"
TOO_OLD = (
    "This database is from before version 1.0, whose tables are others. Nothing in it was changed: keep it with the version "
    "that wrote it, and begin this one with an empty database (docs/upgrading.md)."
)


#: What `make run` keeps of a demonstration beside its database.
_BESIDE = ("media", "mail", "broker", "sign-ins.txt", "steps.json")


class OldData(Exception):
    """Data from before version 1.0 are in the way. The message is a sentence that says what stands where."""


class EmbeddedServer(Protocol):
    """What is asked of the embedded server."""

    folder: Path

    @property
    def owner_url(self) -> str: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


class Tables(Enum):
    """What a database holds."""

    NONE = "none"
    OURS = "ours"
    OLDER = "older"


def look(cursor: Any) -> Tables:
    """Return what the database of a cursor holds. `cursor` may be of psycopg2 or of Django."""
    cursor.execute(
        "SELECT to_regclass('public.django_migrations') IS NOT NULL, to_regclass('public.audit_baseline') IS NOT NULL"
    )
    is_known, is_marked = cursor.fetchone()
    if is_marked:
        cursor.execute("SELECT EXISTS (SELECT FROM audit_baseline WHERE name = %s)", [BASELINE])
        return Tables.OURS if cursor.fetchone()[0] else Tables.OLDER
    if not is_known:
        return Tables.NONE
    cursor.execute("SELECT EXISTS (SELECT FROM django_migrations WHERE app = 'audit')")
    return Tables.OLDER if cursor.fetchone()[0] else Tables.NONE


def look_at(url: str) -> Tables:
    """Return what the database at an address holds. Raises psycopg2.Error where it cannot be asked."""
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            return look(cursor)
    finally:
        connection.close()


def _folder_aside(state: Path, database: str) -> Path:
    """Return the folder into which to move: the first that holds no database yet, so one that was broken off is gone on with."""
    for number in count(1):
        aside = state / ("before-1.0" if number == 1 else f"before-1.0-{number}")
        if not (aside / database).exists():
            return aside
    raise AssertionError("count() does not end")


def begin_anew(server: EmbeddedServer, state: Path, *, may_move: bool) -> None:
    """Where the database is from before version 1.0, move it and what belongs to it into a folder beside, and begin anew.

    The database is moved last: until then a start that was broken off is done again, into the same folder. Raises OldData
    where it may not be moved, or cannot.
    """
    if look_at(server.owner_url) is not Tables.OLDER:
        return
    if not may_move:
        raise OldData(TOO_OLD)
    server.stop()
    aside = _folder_aside(state, server.folder.name)
    try:
        aside.mkdir(exist_ok=True, mode=0o700)
        for name in (*_BESIDE, server.folder.name):
            if (state / name).exists():
                (state / name).rename(aside / name)
    except OSError as error:
        raise OldData(
            f"Data from before version 1.0 cannot be moved to {aside} ({error.strerror}). What was moved is there, the rest is in "
            f"{state}, and nothing is lost: make room for it there, and run `make run` again."
        ) from error
    print(f"Data from before version 1.0 were moved to {aside}; Jejak begins anew.", flush=True)
    server.start()
