"""A database from before version 1.0 is refused everywhere; a demonstration's is moved aside."""

import hashlib
from pathlib import Path, PosixPath
from typing import ClassVar

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from tests.conftest import WorkerDatabase
from tests.tracker.test_doctor import says
from tracker import baseline, readiness
from tracker.doctor import database
from tracker.doctor.looking import BROKEN
from tracker.house.apps import APPS

#: The mark, and a digest of the first migrations, which name the functions that they load by their hashes.
MARK = ("1.0-5", "2a5648988dda6f947d8d34e3b580cc8b5b0760f868839233356b0391239756c8")


@pytest.fixture
def older(real_db: WorkerDatabase) -> WorkerDatabase:
    """The tables of this version without their mark, as an older version would have left them."""
    owner = psycopg2.connect(real_db.owner_url)
    owner.autocommit = True
    with owner.cursor() as cursor:
        cursor.execute("DROP TABLE audit_baseline")
    owner.close()
    return real_db


@pytest.fixture
def older_edition(real_db: WorkerDatabase) -> WorkerDatabase:
    """The tables of this version with the mark of the edition before."""
    owner = psycopg2.connect(real_db.owner_url)
    with owner, owner.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE audit_baseline DISABLE TRIGGER USER; UPDATE audit_baseline SET name = '1.0'"
        )
    owner.close()
    return real_db


def _look(database: WorkerDatabase) -> baseline.Tables:
    return baseline.look_at(database.owner_url)


def test_our_own_tables_are_known_by_their_mark(real_db: WorkerDatabase) -> None:
    assert _look(real_db) is baseline.Tables.OURS
    assert readiness.look_at_database()["database"] == readiness.OK


def test_older_tables_are_refused_and_stay(older: WorkerDatabase) -> None:
    assert _look(older) is baseline.Tables.OLDER
    before = connection.introspection.table_names()
    with pytest.raises(CommandError, match=r"from before version 1\.0.*Nothing in it was changed"):
        call_command("migrate", interactive=False, verbosity=0)
    assert connection.introspection.table_names() == before
    assert says(database.look_at_migrations(), BROKEN, "from before version 1.0")
    assert readiness.look_at_database()["database"] == readiness.OLD


def test_tables_of_another_edition_are_refused_too(older_edition: WorkerDatabase) -> None:
    assert _look(older_edition) is baseline.Tables.OLDER
    assert says(database.look_at_migrations(), BROKEN, "from before version 1.0")
    assert readiness.look_at_database()["database"] == readiness.OLD


def test_first_migrations_are_those_of_the_mark() -> None:
    """Whoever edits a first migration raises the mark: a database of the edition before would be served on other tables."""
    digest = hashlib.sha256()
    for app in APPS:
        for path in sorted((settings.BASE_DIR / app / "migrations").glob("0*.py")):
            digest.update(path.read_bytes())
    assert (baseline.BASELINE, digest.hexdigest()) == MARK, (
        "raise BASELINE and the mark that audit/0001 writes"
    )


def test_empty_database_holds_nothing(older: WorkerDatabase) -> None:
    owner = psycopg2.connect(older.owner_url)
    with owner, owner.cursor() as cursor:
        cursor.execute("DROP TABLE django_migrations")
        assert baseline.look(cursor) is baseline.Tables.NONE
        owner.rollback()
    owner.close()


class _Server:
    """As much of the embedded server as moving its data asks for."""

    def __init__(self, state: Path) -> None:
        self.folder, self.owner_url, self.acts = state / "postgres", "", list[str]()

    def start(self) -> None:
        self.acts.append("start")

    def stop(self) -> None:
        self.acts.append("stop")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state folder of an older demonstration."""
    for name in ("postgres", "media", "mail"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "kept").write_text(name)
    (tmp_path / "sign-ins.txt").write_text("names")
    return tmp_path


def _move(state: Path, *, may_move: bool = True) -> _Server:
    server = _Server(state)
    baseline.begin_anew(server, state, may_move=may_move)
    return server


def test_demonstration_is_moved_aside_and_begins_anew(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(baseline, "look_at", lambda url: baseline.Tables.OLDER)
    assert _move(state).acts == ["stop", "start"]
    aside = state / "before-1.0"
    assert sorted(path.name for path in aside.iterdir()) == ["mail", "media", "postgres", "sign-ins.txt"]
    assert (aside / "media" / "kept").read_text() == "media"
    assert [path.name for path in state.iterdir()] == ["before-1.0"]
    assert str(aside) in capsys.readouterr().out


class FullDisk(PosixPath):
    """A folder out of which only the first of two moves succeeds."""

    moved: ClassVar[list[str]] = []

    def rename(self, target: Path) -> Path:  # type: ignore[override]
        if self.moved:
            raise OSError(28, "No space left on device")
        self.moved.append(self.name)
        return super().rename(target)


def test_move_that_was_broken_off_goes_on(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is moved last, so that the next start still sees that it is old."""
    monkeypatch.setattr(baseline, "look_at", lambda url: baseline.Tables.OLDER)
    with pytest.raises(
        baseline.OldData,
        match=r"cannot be moved to .*before-1\.0 \(No space left on device\).*nothing is lost",
    ):
        _move(FullDisk(state))
    assert (state / "postgres" / "kept").exists()
    _move(state)
    assert sorted(path.name for path in (state / "before-1.0").iterdir()) == [
        "mail",
        "media",
        "postgres",
        "sign-ins.txt",
    ]


def test_second_older_demonstration_gets_a_folder_of_its_own(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(baseline, "look_at", lambda url: baseline.Tables.OLDER)
    _move(state)
    (state / "postgres").mkdir()
    _move(state)
    assert (state / "before-1.0" / "postgres" / "kept").read_text() == "postgres"
    assert [path.name for path in (state / "before-1.0-2").iterdir()] == ["postgres"]


def test_what_is_no_demonstration_is_left_alone(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "look_at", lambda url: baseline.Tables.OLDER)
    with pytest.raises(baseline.OldData, match=r"from before version 1\.0"):
        _move(state, may_move=False)
    assert (state / "postgres" / "kept").exists()


def test_our_own_data_stay(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for tables in (baseline.Tables.OURS, baseline.Tables.NONE):
        monkeypatch.setattr(baseline, "look_at", lambda url, tables=tables: tables)
        assert _move(state).acts == []
    assert (state / "postgres" / "kept").exists()
