"""What must hold before an installation starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import Tags, run_checks
from pytest_django import Settings

from tests.conftest import WorkerDatabase
from tracker import checks

BASE = Path(__file__).resolve().parent.parent.parent


def test_deploy_without_scanner_warns(settings: Settings) -> None:
    settings.SCANNER = "none"
    assert [message.id for message in checks.scanner_is_on(None)] == ["tracker.W001"]
    settings.SCANNER = "clamav"
    assert checks.scanner_is_on(None) == []


def test_start_on_a_demo_database_without_demo_is_refused(db: None, settings: Settings) -> None:
    settings.DEMO = False
    assert [message.id for message in checks.clock_is_real(None, databases=["default"])] == ["tracker.E002"]
    settings.DEMO = True
    assert checks.clock_is_real(None, databases=["default"]) == []


def test_key_of_another_secret_is_refused_at_start(db: None, settings: Settings) -> None:
    assert checks.seals_are_known(None, databases=["default"]) == []
    settings.SECRET_KEY = "another-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH-0123456789"
    assert [message.id for message in checks.seals_are_known(None, databases=["default"])] == ["tracker.E003"]


def faults_of_the_database() -> set[str | None]:
    return {message.id for message in run_checks(tags=[Tags.database], databases=["default"])}


def test_start_as_the_web_role_passes(db: None) -> None:
    assert faults_of_the_database() == set()


def test_start_as_the_owner_of_the_tables_is_refused(as_owner: None) -> None:
    assert faults_of_the_database() == {"tracker.E001"}


def test_serve_a_demo_database_in_production_is_refused(real_db: WorkerDatabase) -> None:
    production = {
        "ENVIRONMENT": "production",
        "DEMO": "false",
        "EMAIL_URL": "smtp://mail.example",
        "SITE_URL": "https://jejak.example",
        "PORT": "9",
    }
    environment = {**os.environ, "DATABASE_URL": real_db.web_url, **production}
    done = _python("-m", "tracker.entry", "web", environment=environment)
    assert done.returncode == 1
    assert "tracker.E002" in done.stderr


@pytest.mark.parametrize(
    ("words", "setting"),
    [
        ("-m tracker.entry web", "DATABASE_URL"),
        ("manage.py migrate --no-input", "DATABASE_OWNER_URL"),
        pytest.param("-m tracker.entry migrate", "DATABASE_OWNER_URL", marks=pytest.mark.long),
        pytest.param("manage.py grant_web_role", "DATABASE_OWNER_URL", marks=pytest.mark.long),
        pytest.param("manage.py load_cycle", "DATABASE_URL", marks=pytest.mark.long),
        pytest.param("manage.py check --database default", "DATABASE_URL", marks=pytest.mark.long),
    ],
)
def test_who_starts_without_a_database_is_told_in_a_sentence(words: str, setting: str) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": "postgres://jejak_web:secret-word@127.0.0.1:1/jejak",
        "DATABASE_OWNER_URL": "postgres://jejak_owner:secret-word@127.0.0.1:1/jejak",
        "PORT": "8999",
    }
    done = _python(*words.split(), environment=environment)
    assert done.returncode == 1
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith("The database does not answer (")
    assert sentence.endswith(f": start it, or mend {setting}.")
    assert "secret-word" not in done.stdout + done.stderr


def test_who_loses_the_database_at_work_is_told_in_a_sentence(real_db: WorkerDatabase) -> None:
    ends_itself = "from django.db import connection as c; c.cursor().execute('SELECT pg_terminate_backend(pg_backend_pid())')"
    environment = {**os.environ, "DATABASE_URL": real_db.web_url}
    done = _python("manage.py", "shell", "--command", ends_itself, environment=environment)
    assert done.returncode == 1
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith("The database does not answer (")


def _python(*words: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *words], cwd=BASE, env=environment, capture_output=True, text=True, check=False
    )
