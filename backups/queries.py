"""How the backups are, and whether mail is held back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from audit.models import Event
from backups.models import Backup
from backups.states import BackupKind, Trouble
from evidence.models import Document


@dataclass(frozen=True, slots=True)
class BackupState:
    """The backups of one kind. `newest` is the newest whole one, `failed` a newer one that failed."""

    kind: BackupKind
    newest: Backup | None
    failed: Backup | None
    trouble: Trouble | None

    @property
    def is_expected(self) -> bool:
        """Whether this installation is to make backups of the kind at all."""
        return bool(self.kind.within)


@dataclass(frozen=True, slots=True)
class Archiving:
    """PostgreSQL's archive of all changes, from which it can be restored to any second."""

    is_on: bool
    archived_at: datetime | None
    failed_at: datetime | None

    @property
    def is_failing(self) -> bool:
        """Whether the newest try failed."""
        if not self.is_on or self.failed_at is None:
            return False
        return self.archived_at is None or self.failed_at > self.archived_at


@dataclass(frozen=True, slots=True)
class LastBackups:
    """The state of both kinds and of the archive, and how many files came after the newest whole backup of files."""

    database: BackupState
    files: BackupState
    archiving: Archiving
    files_not_backed_up: int

    def troubles(self) -> Iterator[tuple[str, Trouble]]:
        """Yield what is the matter: "database", "files" or "archiving", and what."""
        for state in (self.database, self.files):
            if state.trouble is not None:
                yield state.kind.value, state.trouble
        if self.database.is_expected and self.archiving.is_failing:
            yield "archiving", Trouble.FAILED


def last_backups(now: datetime) -> LastBackups:
    """Return how the backups are (seven queries at most). `now` is the machine's clock."""
    since = _installed_at() or now
    states = {kind: _state(kind, since=since, now=now) for kind in BackupKind}
    newest = states[BackupKind.FILES].newest
    files = Document.objects.with_kept_bytes()
    waiting = files if newest is None else files.filter(received_at__gt=newest.began_at)
    return LastBackups(
        database=states[BackupKind.DATABASE],
        files=states[BackupKind.FILES],
        archiving=_archiving(),
        files_not_backed_up=waiting.count(),
    )


def _state(kind: BackupKind, *, since: datetime, now: datetime) -> BackupState:
    rows = Backup.objects.filter(kind=kind).order_by("-began_at")
    newest, last = rows.filter(exit_code=0).first(), rows.first()
    failed = last if last is not None and not last.is_whole else None
    trouble = _trouble(newest, failed, within=kind.within, since=since, now=now)
    return BackupState(kind, newest=newest, failed=failed, trouble=trouble)


def _trouble(
    newest: Backup | None, failed: Backup | None, *, within: timedelta, since: datetime, now: datetime
) -> Trouble | None:
    """Return what is the matter; a new installation has as long for its first backup as for each later one."""
    if not within:
        return None
    if failed is not None:
        return Trouble.FAILED
    if newest is None:
        return Trouble.NEVER if now - since > within else None
    return Trouble.LATE if now - newest.began_at > within else None


def _installed_at() -> datetime | None:
    """Return when the log began."""
    return Event.objects.order_by("id").values_list("occurred_at", flat=True).first()


def _archiving() -> Archiving:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('archive_mode') <> 'off', last_archived_time, last_failed_time "
            "FROM pg_stat_archiver"
        )
        return Archiving(*cursor.fetchone())


#: Which life of the database this is: a server, and one of its timelines. A promoted replica names its new timeline among its
#: checkpoints only minutes later, but at once as where its recovery ended.
LIFE = """
SELECT system_identifier, greatest(timeline_id, min_recovery_end_timeline) AS timeline
FROM pg_control_system(), pg_control_checkpoint(), pg_control_recovery()
"""
#: The timeline of a server that was neither restored nor promoted since it was made.
_FIRST_TIMELINE = 1
#: Whether mail is held back in this life, as an expression of SQL. A backup that is older than the first decision brings no row
#: back, but a later timeline.
IS_MAIL_HELD = f"""
coalesce(
    (SELECT NOT (switch.is_on AND (switch.server, switch.timeline) = ({LIFE}))
     FROM backups_mailswitch switch ORDER BY switch.id DESC LIMIT 1),
    (SELECT life.timeline > {_FIRST_TIMELINE} FROM ({LIFE}) life))
"""  # noqa: S608 - statements of our own


def is_mail_held() -> bool:
    """Return whether no reminder and no notice may leave as mail, because nobody has released it since a restore."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {IS_MAIL_HELD}")
        held: bool = cursor.fetchone()[0]
    return held
