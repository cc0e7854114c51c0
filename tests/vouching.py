"""Rows that tests write themselves, where the product would record an Event with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import connection, transaction

from accounts.models import User
from audit import seals


@contextmanager
def acting(*people: User) -> Iterator[None]:
    """Let the database believe in this transaction, without an Event, that these people act (`audit.guards.done_by`)."""
    with transaction.atomic():
        for number in [person.pk for person in people] or [None]:
            values = {"action": "test.acted", "serves": "transaction", "actor_id": number}
            with connection.cursor() as cursor:
                cursor.execute(seals.VOUCH, seals._sealed(values, datetime.now(UTC)))
        yield
