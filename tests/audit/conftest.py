"""What the tests of the log share: people, quick events, and the owner's own connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import psycopg2
import pytest
from django.db import transaction

from tests.conftest import WorkerDatabase
from tests.factories.accounts import World, make_world

if TYPE_CHECKING:  # Models cannot be imported before the harness has set the settings.
    from audit.models import Event


@dataclass
class Agency:
    """As much of an agency as the log asks for."""

    code: str = "PDRM"


@dataclass
class Person:
    """As much of a person as the log asks for."""

    pk: int = 7
    name: str = "Aminah binti Salleh"
    role: str = "officer"
    agency_id: int | None = 3
    agency: Agency = field(default_factory=Agency)


@pytest.fixture
def world(db: None) -> World:
    """Two agencies and the secretariat with their people."""
    return make_world()


class Write(Protocol):
    """Writes one event in a transaction of its own."""

    def __call__(self, **changes: Any) -> "Event":
        """Write it with these values changed."""


@pytest.fixture
def person() -> Person:
    """An officer of PDRM."""
    return Person()


@pytest.fixture
def write(now: datetime, person: Person) -> Write:
    """Writes one ordinary event; keyword arguments change it."""

    from audit.services import record

    def write_one(**changes: Any) -> "Event":
        values = {"action": "update.submitted", "actor": person, "agency_id": 3, "item_id": 15, "now": now}
        with transaction.atomic():
            return record(**{**values, **changes})

    return write_one


class Owner:
    """The owner of the tables, on a connection of its own, in autocommit."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def run(self, sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        """Execute and return the rows, if there are any."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def without_triggers(self, table: str) -> Iterator[None]:
        """Do what only the owner can: switch off the triggers of a table for a while."""
        self.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield
        finally:
            self.run(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def owner(real_db: WorkerDatabase) -> Iterator[Owner]:
    """The owner of this worker's database."""
    connection = psycopg2.connect(real_db.owner_url)
    connection.autocommit = True
    yield Owner(connection)
    connection.close()
