"""A migration that waits for a table gives up, says so, and can be run again; pages do not queue behind it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.conftest import WorkerDatabase

pytestmark = pytest.mark.long

BASE = Path(__file__).resolve().parent.parent.parent
#: Seconds; a start of Django lies between them and the instant of the test.
LIMIT = 1


class Machine:
    """The database of a test, and `manage.py migrate` on it with one more app."""

    def __init__(self, database: WorkerDatabase) -> None:
        self.owner_url = database.owner_url
        self.environment = {
            **os.environ,
            "DATABASE_URL": database.web_url,
            "DATABASE_OWNER_URL": database.owner_url,
            "DATABASE_MIGRATION_LOCK_SECONDS": str(LIMIT),
            "DJANGO_SETTINGS_MODULE": "tests.tracker.tiny.settings",
        }
        self.migrate("0001")

    def begin(self, name: str) -> "subprocess.Popen[str]":
        """Begin to migrate up to the name."""
        command = [sys.executable, "manage.py", "migrate", "tiny", name, "--no-input"]
        return subprocess.Popen(
            command, cwd=BASE, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def as_before(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the version that does not know the app."""
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": "tracker.settings"}
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=BASE,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def migrate(self, name: str) -> tuple[int, str]:
        """Migrate up to the name; return the exit code and what was said on the error stream."""
        process = self.begin(name)
        said = process.communicate(timeout=60)[1]
        return process.returncode, said

    def ask(self, statement: str) -> Any:
        """Return the first value."""
        with psycopg2.connect(self.owner_url) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            row = cursor.fetchone()
        connection.close()
        return row and row[0]

    @contextmanager
    def used(self, statement: str = "SELECT count(*) FROM tiny_thing") -> Iterator[None]:
        """Use the table in a transaction that stays open."""
        connection = psycopg2.connect(self.owner_url)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                yield
        finally:
            connection.close()

    def wait_for_waiter(self) -> None:
        """Return as soon as somebody waits for a lock."""
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        limit = time.monotonic() + 40
        while not self.ask(waiting):
            assert time.monotonic() < limit, "nobody waits"
            time.sleep(0.02)


@pytest.fixture
def machine(real_db: WorkerDatabase) -> Machine:
    return Machine(real_db)


def test_migration_gives_up_and_can_be_run_again(machine: Machine) -> None:
    with machine.used():
        process = machine.begin("0002")
        machine.wait_for_waiter()
        begun = time.monotonic()
        assert machine.ask("SELECT count(*) FROM tiny_thing") == 0
        assert time.monotonic() - begun < LIMIT + 4
        said = process.communicate(timeout=30)[1]
        assert time.monotonic() - begun < LIMIT + 4
    assert process.returncode == 1
    assert said.strip().splitlines()[-1] == (
        "CommandError: tiny.0002_name waited 1 s for a table that another transaction uses, and gave up, so that no page "
        "waits behind it. Nothing of it was done, and those before it are whole: run migrate again when it is quieter."
    )
    assert "Traceback" not in said
    assert machine.ask("SELECT to_regclass('tiny_other')") is None
    assert machine.migrate("0002") == (0, "")
    assert machine.ask("SELECT count(*) FROM tiny_other") == 0


def test_way_back_gives_up_too(machine: Machine) -> None:
    assert machine.migrate("0002") == (0, "")
    with machine.used():
        code, said = machine.migrate("0001")
    assert code == 1
    assert "tiny.0002_name waited 1 s for a table" in said


def test_index_that_keeps_nobody_waiting_waits_itself(machine: Machine) -> None:
    assert machine.migrate("0002") == (0, "")
    with machine.used("INSERT INTO tiny_thing DEFAULT VALUES"):
        process = machine.begin("0003")
        machine.wait_for_waiter()
        time.sleep(LIMIT + 1)
        assert process.poll() is None
        assert machine.ask("INSERT INTO tiny_thing (name) VALUES ('x') RETURNING name") == "x"
    assert process.communicate(timeout=30)[1] == ""
    assert process.returncode == 0
    assert machine.ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 'tiny_by_name'::regclass") is True


def test_second_process_waits_for_the_first(machine: Machine) -> None:
    assert machine.migrate("0002") == (0, "")
    with machine.used("INSERT INTO tiny_thing DEFAULT VALUES"):
        first = machine.begin("0003")
        machine.wait_for_waiter()
        second = machine.begin("0003")
        assert second.stdout is not None
        assert (
            second.stdout.readline()
            == "Another process migrates this database: waiting until it has ended.\n"
        )
        assert first.poll() is None
    said = [process.communicate(timeout=30) for process in (first, second)]
    assert [process.returncode for process in (first, second)] == [0, 0]
    assert "Applying tiny.0003_by_name" in said[0][0]
    assert "No migrations to apply" in said[1][0]
    assert [errors for _output, errors in said] == ["", ""]


def test_version_before_starts_on_newer_tables_and_leaves_them(machine: Machine) -> None:
    assert machine.migrate("0003") == (0, "")
    for command in (["check", "--database", "default"], ["migrate", "--no-input"], ["grant_web_role"]):
        done = machine.as_before(*command)
        assert (done.returncode, done.stderr) == (0, ""), command
    assert machine.ask("SELECT count(*) FROM tiny_thing") == 0
    assert machine.ask("SELECT count(*) FROM django_migrations WHERE app = 'tiny'") == 3
