"""Django's `migrate`, which gives up instead of letting pages queue behind it (docs/adr/0003)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.migrations import Migration

from tracker import baseline

#: Seconds between two looks whether another process still migrates.
PAUSE_SECONDS = 0.5


class Command(migrate.Command):
    """Runs migrations, each of which waits for a lock for MIGRATION_LOCK_SECONDS at most."""

    _database = "default"
    _running = ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate. Raises CommandError for a database from before version 1.0, in which nothing is changed, and when a lock
        does not come: the migration that waited is undone, those before it stay.
        """
        self._database = options["database"]
        with connections[self._database].cursor() as cursor:
            if baseline.look(cursor) is baseline.Tables.OLDER:
                raise CommandError(baseline.TOO_OLD)
        try:
            with self._alone():
                self._limit_locks(settings.MIGRATION_LOCK_SECONDS)
                super().handle(*args, **options)
        except OperationalError as error:
            if not isinstance(error.__cause__, psycopg2.errors.LockNotAvailable):
                raise
            raise CommandError(
                f"{self._running or 'The migration'} waited {settings.MIGRATION_LOCK_SECONDS} s for a table that another "
                "transaction uses, and gave up, so that no page waits behind it. Nothing of it was done, and those before "
                "it are whole: run migrate again when it is quieter."
            ) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait until no other process migrates this database: two at once would each create the same tables.

        Asks again and again: who waited within a statement would hold up indexes that are built concurrently.
        """
        with connections[self._database].cursor() as cursor:
            is_first = True
            while not _value(cursor, "SELECT pg_try_advisory_lock(hashtext('jejak.migrate'))"):
                if is_first:
                    self.stdout.write("Another process migrates this database: waiting until it has ended.")
                    self.stdout.flush()
                is_first = False
                time.sleep(PAUSE_SECONDS)
            try:
                yield
            finally:
                # A lock of the session: one that is gone has given it back.
                if connections[self._database].is_usable():
                    cursor.execute("SELECT pg_advisory_unlock(hashtext('jejak.migrate'))")

    def migration_progress_callback(
        self, action: str, migration: Migration | None = None, fake: bool = False
    ) -> None:
        """Give each migration its limit: what is built concurrently keeps nobody waiting, and may wait itself."""
        super().migration_progress_callback(action, migration, fake)
        if migration is None:
            return
        is_begun = action in ("apply_start", "unapply_start")
        self._running = f"{migration.app_label}.{migration.name}" if is_begun else ""
        self._limit_locks(0 if is_begun and not migration.atomic else settings.MIGRATION_LOCK_SECONDS)

    def _limit_locks(self, seconds: int) -> None:
        with connections[self._database].cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds}s"])


def _value(cursor: Any, statement: str) -> Any:
    cursor.execute(statement)
    return cursor.fetchone()[0]
