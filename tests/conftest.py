"""Fixtures for all tests: a real database as the web role, a clock that can be moved, and a hostile harness."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections
from django.utils import translation
from pytest_django import DjangoDbBlocker, Settings

from tests.databases import Databases, named
from tests.harness import pytest_unconfigure
from tests.readonly import refuse_writing_gets

__all__ = ["pytest_unconfigure"]
KUALA_LUMPUR = ZoneInfo("Asia/Kuala_Lumpur")
NOW = datetime(2023, 9, 14, 10, 0, tzinfo=KUALA_LUMPUR)


class Clock(Protocol):
    """The clock of the database, as tests move it."""

    def move_to(self, instant: datetime) -> datetime:
        """Move forward to the instant and return it."""


class WorkerDatabase:
    """This worker's clone of the template."""

    def __init__(self) -> None:
        self._databases = Databases(os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"])
        self._template = self._databases.template()
        self._worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self.name = ""
        self.renew()

    @property
    def owner_url(self) -> str:
        """The owner's address of this worker's database."""
        return named(self._databases.owner_url, self.name)

    @property
    def web_url(self) -> str:
        """The web role's address of this worker's database."""
        return named(self._databases.web_url, self.name)

    def renew(self) -> None:
        """Drop the clone, with whatever was committed to it, and clone anew."""
        connections.close_all()
        self.name = self._databases.clone(self._template, self._worker)
        connection.settings_dict["NAME"] = self.name

    def drop(self) -> None:
        """Drop the clone at the end of the run."""
        connections.close_all()
        self._databases.drop(self.name)


@pytest.fixture(scope="session")
def worker_database(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[WorkerDatabase]:
    """The worker's clone, for tests that need its addresses (with `real_db`)."""
    with django_db_blocker.unblock():
        database = WorkerDatabase()
    yield database
    with django_db_blocker.unblock():
        database.drop()


@pytest.fixture(scope="session")
def django_db_setup(worker_database: WorkerDatabase) -> None:
    """Replaces pytest-django's own set-up: the schema is made by the owner, tests sign in as the web role."""


@pytest.fixture
def real_db(worker_database: WorkerDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[WorkerDatabase]:
    """Real commits (threads, deferred triggers, several connections); the database is cloned anew afterwards."""
    with django_db_blocker.unblock():
        yield worker_database
        worker_database.renew()


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Clock:
    """The database's clock, which stands at 2023-01-01 in a fresh test database and can only be moved forward."""
    request.getfixturevalue("real_db" if "real_db" in request.fixturenames else "db")
    from audit import clock as audit_clock

    class MovingClock:
        def move_to(self, instant: datetime) -> datetime:
            audit_clock.move_to(instant)
            return instant

    return MovingClock()


@pytest.fixture
def now(clock: Clock) -> datetime:
    """The demo's opening instant, 14 September 2023 at ten in Kuala Lumpur; the database's clock stands there."""
    return clock.move_to(NOW)


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each test keeps its files to itself."""
    settings.MEDIA_ROOT = Path(tmp_path_factory.mktemp("media"))


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """Each test begins in the product's language: a page asked for in English leaves its thread in English."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _reads_only_read(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A GET through the test client that writes fails the test."""
    refuse_writing_gets(monkeypatch)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The web role cannot TRUNCATE, so pytest-django's flushing kind of database test cannot work here."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        flushes = marker is not None and marker.kwargs.get("transaction")
        names = getattr(item, "fixturenames", ())
        if flushes or "transactional_db" in names:
            raise pytest.UsageError(f"{item.nodeid}: use the fixture `real_db` for real commits")
