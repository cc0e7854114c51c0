"""What scripts note of backups is kept once, and what is the matter is told once a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from pytest_django import Settings

from audit.models import Event
from backups.extensions import trouble_listeners
from backups.models import Backup
from backups.notes import BackupNote, BadNote, read_note
from backups.queries import LastBackups, last_backups
from backups.services.noting import record_backup, take_notes, tell_troubles
from backups.states import BackupKind, Trouble
from tests.factories.evidence import make_document
from tests.recommendations.conftest import Desk

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _expected(settings: Settings) -> None:
    settings.BACKUP_DATABASE_HOURS, settings.BACKUP_FILES_HOURS = 26, 3


def made(kind: BackupKind, now: datetime, *, ago: timedelta = HOUR, exit_code: int = 0) -> Backup:
    note = BackupNote(
        kind=kind,
        began_at=now - ago,
        ended_at=now - ago,
        exit_code=exit_code,
        added_bytes=5,
        label="20230914-F",
    )
    backup = record_backup(note, now=now)
    assert backup is not None
    return backup


def troubles(now: datetime) -> dict[str, Trouble]:
    return dict(last_backups(now).troubles())


GOOD = "kind=files\nbegan=2023-09-14T01:00:00+00:00\nended=2023-09-14T01:00:05+00:00\nexit_code=0\nadded_bytes=17\nlabel=ab12\n"


def test_smuggled_sql_makes_nobody_believe_in_a_backup(now: datetime) -> None:
    said = {"kind": BackupKind.DATABASE, "began_at": now, "ended_at": now, "exit_code": 0, "recorded_at": now}
    with pytest.raises(DatabaseError, match="nobody vouched"), transaction.atomic():
        Backup.objects.create(**said)
    assert made(BackupKind.DATABASE, now).is_whole


def test_note_is_read() -> None:
    note = read_note(GOOD)
    assert (note.kind, note.exit_code, note.added_bytes, note.label) == (BackupKind.FILES, 0, 17, "ab12")
    assert note.ended_at - note.began_at == timedelta(seconds=5)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind=files", "kind=all"),
        ("began=2023-09-14T01:00:00+00:00", "began=2023-09-14T01:00:00"),
        ("began=2023-09-14T01:00:00+00:00", "began=2023-09-15T01:00:00+00:00"),
        ("began=2023-09-14T01:00:00+00:00", "began=yesterday"),
        ("exit_code=0", "exit_code=-1"),
        ("exit_code=0", ""),
        ("label=ab12", "label=s3://key:secret@store"),
        (GOOD, ""),
        (GOOD, "\x00" * 5000),
    ],
)
def test_what_is_no_note_is_refused(old: str, new: str) -> None:
    with pytest.raises(BadNote):
        read_note(GOOD.replace(old, new))


def test_notes_are_taken_once_and_bad_ones_are_set_aside(now: datetime, tmp_path: Path) -> None:
    (tmp_path / "1.note").write_text(GOOD, encoding="ascii")
    (tmp_path / "2.note").write_text(GOOD, encoding="ascii")
    (tmp_path / "3.note").write_text("nonsense", encoding="ascii")
    (tmp_path / "4.note").write_text(GOOD.replace("2023", "2033"), encoding="ascii")
    (tmp_path / "5.draft").write_text(GOOD, encoding="ascii")

    assert take_notes(tmp_path, now=now) == 1
    assert take_notes(tmp_path, now=now) == 0

    assert Backup.objects.get().added_bytes == 17
    assert sorted(path.name for path in tmp_path.iterdir()) == ["3.refused", "4.refused", "5.draft"]
    assert take_notes(tmp_path / "not there", now=now) == 0


def test_database_and_failures_leave_an_event_and_whole_files_only_the_first(now: datetime) -> None:
    made(BackupKind.DATABASE, now)
    for number, code in enumerate((0, 0, 1, 0, 0)):
        made(BackupKind.FILES, now, ago=timedelta(minutes=50 - number), exit_code=code)
    actions = Event.objects.filter(object_type="backups.Backup").order_by("id")
    assert [(event.action, event.label) for event in actions] == [
        ("backup.made", "database 20230914-F"),
        ("backup.made", "files 20230914-F"),
        ("backup.failed", "files 20230914-F"),
        ("backup.made", "files 20230914-F"),
    ]
    assert actions[2].after == {"exit_code": 1} and actions[2].actor_id is None


def test_all_is_well_while_backups_are_young(desk: Desk, now: datetime) -> None:
    made(BackupKind.DATABASE, now, ago=25 * HOUR)
    made(BackupKind.FILES, now, ago=2 * HOUR)
    assert troubles(now) == {}
    assert troubles(now + 2 * HOUR) == {"database": Trouble.LATE, "files": Trouble.LATE}


def test_failure_counts_until_the_next_whole_one(desk: Desk, now: datetime) -> None:
    made(BackupKind.DATABASE, now, ago=3 * HOUR)
    made(BackupKind.FILES, now, ago=2 * HOUR)
    made(BackupKind.DATABASE, now, ago=HOUR, exit_code=82)
    assert troubles(now) == {"database": Trouble.FAILED}
    state = last_backups(now).database
    assert state.failed is not None and state.failed.exit_code == 82
    assert state.newest is not None and state.newest.is_whole
    made(BackupKind.DATABASE, now, ago=HOUR / 2)
    assert troubles(now) == {}


def test_new_installation_has_time_for_its_first(desk: Desk, now: datetime) -> None:
    begun = Event.objects.order_by("id")[0].occurred_at
    assert troubles(begun + 2 * HOUR) == {}
    assert troubles(begun + 4 * HOUR) == {"files": Trouble.NEVER}
    assert troubles(begun + 30 * HOUR) == {"files": Trouble.NEVER, "database": Trouble.NEVER}


def test_nobody_is_told_where_none_is_expected(desk: Desk, now: datetime, settings: Settings) -> None:
    settings.BACKUP_DATABASE_HOURS = settings.BACKUP_FILES_HOURS = 0
    made(BackupKind.DATABASE, now, exit_code=1)
    assert troubles(now + 30 * HOUR) == {}
    assert not last_backups(now).database.is_expected


def test_files_that_came_later_are_counted(desk: Desk, now: datetime) -> None:
    make_document(desk.agency, actor=desk.officer, now=now)
    assert last_backups(now).files_not_backed_up == 1
    made(BackupKind.FILES, now, ago=timedelta())
    assert last_backups(now).files_not_backed_up == 0
    make_document(desk.agency, actor=desk.officer, now=now + timedelta(seconds=1))
    assert last_backups(now).files_not_backed_up == 1


def test_troubles_are_told_once_a_day(
    desk: Desk, now: datetime, monkeypatch: pytest.MonkeyPatch, clock: object
) -> None:
    told: list[LastBackups] = []
    monkeypatch.setitem(trouble_listeners, "test", lambda state, now: told.append(state))
    made(BackupKind.DATABASE, now)
    made(BackupKind.FILES, now, exit_code=3)
    for minutes in (0, 3):
        tell_troubles(now=now + timedelta(minutes=minutes))
    assert len(told) == 1
    [event] = Event.objects.filter(action="backup.missed")
    assert event.after == {"files": "failed", "not_backed_up": 0}
