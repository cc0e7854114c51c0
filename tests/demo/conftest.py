"""The world of the core's tests serves this app too; and the demonstration, seeded once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest
from pytest_django import DjangoDbBlocker, Settings

from tests.conftest import WorkerDatabase
from tests.recommendations.conftest import desk, draft

__all__ = ["desk", "draft"]

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Demo:
    """A seeded database, its files, and what the commands said."""

    people_file: Path
    media: Path
    said_before: str
    said: str
    said_again: str
    audit: str


def _run(database: WorkerDatabase, *words: str, media: Path, **more: str) -> str:
    environment = {
        **os.environ,
        "DATABASE_URL": database.web_url,
        "DATABASE_OWNER_URL": database.owner_url,
        "MEDIA_ROOT": str(media),
        **more,
    }
    environment.pop("JEJAK_DATABASE_ROLE", None)
    command = [sys.executable, "manage.py", *words, "--skip-checks"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _forget_demo(database: WorkerDatabase) -> None:
    """Make the clone what a fresh installation is: a demonstration that has not begun."""
    connection = psycopg2.connect(database.owner_url)
    with connection, connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_clock DISABLE TRIGGER USER")
        cursor.execute("""UPDATE audit_clock SET is_demo = false, "offset" = '0'""")
        cursor.execute("ALTER TABLE audit_clock ENABLE TRIGGER USER")
    connection.close()


@pytest.fixture(scope="package")
def demo(
    worker_database: WorkerDatabase,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Demo]:
    """Seeded once for all tests here, by the commands and in the order of `make run`."""
    folder = tmp_path_factory.mktemp("demo")
    media, people_file = folder / "media", folder / "people.tsv"
    with django_db_blocker.unblock():
        worker_database.renew()
    _forget_demo(worker_database)
    yield Demo(
        people_file=people_file,
        media=media,
        said_before=_run(worker_database, "load_cycle", media=media),
        said=_run(worker_database, "seed_demo", "--people-file", str(people_file), media=media),
        said_again=_run(worker_database, "seed_demo", "--people-file", f"{people_file}.again", media=media),
        audit=_run(worker_database, "verify_audit", media=media),
    )
    with django_db_blocker.unblock():
        worker_database.renew()


@pytest.fixture(autouse=True)
def _in_demo(demo: Demo, db: None, settings: Settings) -> None:
    settings.MEDIA_ROOT = demo.media
