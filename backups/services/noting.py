"""Writing down which backups were made, and telling once a day what is the matter with them."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from audit.clock import local_date
from audit.models import Event
from audit.seals import VOUCH, vouching
from audit.services import record
from backups.extensions import trouble_listeners
from backups.models import Backup
from backups.notes import BackupNote, BadNote, read_note, waiting_notes
from backups.queries import LastBackups, last_backups
from backups.states import BackupKind

logger = logging.getLogger(__name__)

#: A note from the future would keep all later ones from counting.
_MOST_AHEAD = timedelta(minutes=5)
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('jejak.backups'))"


@transaction.atomic
def record_backup(note: BackupNote, *, now: datetime) -> Backup | None:
    """Keep what a script noted; return None where that very backup was noted before. Raises BadNote.

    Backups of the database and failures leave an Event. Of the files, which are backed up each hour, only the first whole one after
    a failure does.
    """
    # By the machine's clock, as scripts note it.
    if note.ended_at > timezone.now() + _MOST_AHEAD:
        raise BadNote("it ends in the future: compare the clocks")
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    rows = Backup.objects.filter(kind=note.kind)
    if rows.filter(began_at=note.began_at).exists():
        return None
    before = rows.order_by("-began_at").first()
    with connection.cursor() as cursor:
        cursor.execute(VOUCH, vouching("backup.noted"))
    backup = Backup.objects.create(
        kind=note.kind,
        began_at=note.began_at,
        ended_at=note.ended_at,
        exit_code=note.exit_code,
        added_bytes=note.added_bytes,
        label=note.label,
        recorded_at=now,
    )
    is_news = before is None or not before.is_whole
    if not backup.is_whole or is_news or backup.kind == BackupKind.DATABASE:
        record(
            action="backup.made" if backup.is_whole else "backup.failed",
            actor=None,
            obj=backup,
            label=f"{backup.kind} {backup.label}".strip(),
            after={"size": backup.added_bytes} if backup.is_whole else {"exit_code": backup.exit_code},
            now=now,
        )
    return backup


def take_notes(folder: Path, *, now: datetime) -> int:
    """Record what the notes in a folder say and remove them; return how many backups were new.

    A note that cannot be read is set aside under another ending, and the log says why.
    """
    taken = 0
    for path, text in waiting_notes(folder):
        try:
            taken += record_backup(read_note(text), now=now) is not None
        except BadNote as error:
            logger.error("The note of a backup %s cannot be read: %s", path.name, error)
            path.replace(path.with_suffix(".refused"))
        else:
            path.unlink(missing_ok=True)
    return taken


@transaction.atomic
def tell_troubles(*, now: datetime) -> LastBackups:
    """Record what is the matter with the backups, and tell whoever registered, once a day; return how they are."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    state = last_backups(now)
    troubles = {about: trouble.value for about, trouble in state.troubles()}
    if not troubles:
        return state
    said = ", ".join(f"{about} {trouble}" for about, trouble in troubles.items())
    logger.error(
        "Backups need a look: %s; %d files are in no backup (docs/backups.md)",
        said,
        state.files_not_backed_up,
    )
    told = Event.objects.filter(action="backup.missed").order_by("-id")
    last = told.values_list("occurred_at", flat=True).first()
    if last is not None and local_date(last) == local_date(now):
        return state
    record(
        action="backup.missed",
        actor=None,
        object_type="backups.Backup",
        after={**troubles, "not_backed_up": state.files_not_backed_up},
        now=now,
    )
    for listener in trouble_listeners.values():
        listener(state, now)
    return state


def notes_folder() -> Path:
    """Return the folder in which scripts leave their notes."""
    return Path(settings.BACKUP_NOTES)
