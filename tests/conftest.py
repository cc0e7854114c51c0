"""Fixtures for all tests: a real database as the web role, a clock that can be moved, and a hostile harness."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.signals import user_logged_in
from django.db import connection, connections
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import translation
from pytest_django import DjangoDbBlocker, Settings

from tests.caches import forget_all
from tests.databases import Databases, named
from tests.harness import pytest_unconfigure
from tests.readonly import refuse_writing_gets
from tests.shared import LAYERS, Clock, MovingClock, recipes_of, shared
from tests.template_variables import demand_variables

# Before any template is compiled.
demand_variables()

__all__ = ["Clock", "pytest_unconfigure"]
pytest_plugins = ["tests.running"]
KUALA_LUMPUR = ZoneInfo("Asia/Kuala_Lumpur")
NOW = datetime(2023, 9, 14, 10, 0, tzinfo=KUALA_LUMPUR)


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
        LAYERS.leave()
        connections.close_all()
        self.name = self._databases.clone(self._template, self._worker)
        connection.settings_dict["NAME"] = self.name

    @contextmanager
    def copied(self) -> Iterator[None]:
        """Work inside on a copy of the clone as it stands; whatever is committed to the copy goes with it."""
        kept = self.name
        connections.close_all()
        self.name = connection.settings_dict["NAME"] = self._databases.clone(kept, f"{self._worker}_copy")
        try:
            yield
        finally:
            self.drop()
            self.name = connection.settings_dict["NAME"] = kept

    def drop(self) -> None:
        """Drop the clone at the end of the run."""
        LAYERS.leave()
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
def _shared_layers(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Build what the test shares with others, beneath its own transaction."""
    with django_db_blocker.unblock():
        LAYERS.prepare(recipes_of(request.node))


@pytest.fixture
def _django_db_helper(_shared_layers: None, _django_db_helper: None) -> None:
    """Let pytest-django's own fixture of this name begin the test's transaction after the shared layers."""


@pytest.fixture
def real_db(worker_database: WorkerDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[WorkerDatabase]:
    """Real commits (threads, deferred triggers, several connections); the database is cloned anew afterwards."""
    with django_db_blocker.unblock():
        LAYERS.leave()
        yield worker_database
        worker_database.renew()


@pytest.fixture
def as_owner(real_db: WorkerDatabase) -> Iterator[None]:
    """Sign Django's own connection in as the owner for this test, as the owner's commands do."""
    web = dict(connection.settings_dict)
    owner = urlsplit(real_db.owner_url)
    connection.close()
    connection.settings_dict.update(
        USER=unquote(owner.username or ""), PASSWORD=unquote(owner.password or "")
    )
    yield
    connection.close()
    connection.settings_dict.update(USER=web["USER"], PASSWORD=web["PASSWORD"])


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Clock:
    """The database's clock, which stands at 2023-01-01 in a fresh test database and can only be moved forward."""
    request.getfixturevalue("real_db" if "real_db" in request.fixturenames else "db")
    return MovingClock()


@shared
def now(clock: Clock) -> datetime:
    """The demo's opening instant, 14 September 2023 at ten in Kuala Lumpur; the database's clock stands there."""
    return clock.move_to(NOW)


@pytest.fixture(scope="session")
def _media_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield one fresh folder after another."""
    # Not `mktemp` each time: it reads the names of all folders that earlier tests made.
    folder = tmp_path_factory.mktemp("media")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, _media_folders: Iterator[Path]) -> None:
    """Each test keeps its files to itself."""
    folder = next(_media_folders)
    folder.mkdir()
    settings.MEDIA_ROOT = folder


@receiver(user_logged_in, dispatch_uid="tests.force_login")
def _prove(request: HttpRequest, user: Any, **_about: object) -> None:
    """Let a person whom `force_login` signs in have proved who they are, as anybody has who signs in by a page."""
    from allauth.account.internal.flows.login import record_authentication

    if not request.method:
        record_authentication(request, user, "password")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Each test begins as a process that remembers nothing of another one."""
    forget_all()


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """Each test begins in the product's language: a page asked for in English leaves its thread in English."""
    translation.deactivate()


@pytest.fixture
def in_english(_own_language: None) -> Iterator[None]:
    """For tests that compare sentences as an English reader reads them."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _reads_only_read(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A GET through the test client that writes fails the test."""
    refuse_writing_gets(monkeypatch)
