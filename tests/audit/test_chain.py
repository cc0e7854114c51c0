"""The chain follows the order of insertion, has no gap, and holds under concurrent writers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connections, transaction

from audit.models import ChainLink, Event
from audit.services import record
from audit.verification import START, verify
from tests.audit.conftest import Owner, Person, Write

WRITERS = 8
EVENTS_EACH = 15

pytestmark = pytest.mark.usefixtures("real_db")


def _write_many(now: datetime, person: Person) -> None:
    try:
        for number in range(EVENTS_EACH):
            with transaction.atomic():
                record(action="update.submitted", actor=person, after={"n": number}, now=now)
                if number % 5 == 0:
                    record(action="update.noted", actor=person, now=now)
                if number % 7 == 3:
                    transaction.set_rollback(True)
    finally:
        connections.close_all()


def test_eight_writers_at_once_make_one_chain_without_gap(now: datetime, person: Person) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        for done in [pool.submit(_write_many, now, person) for _ in range(WRITERS)]:
            done.result()
    check = verify()
    assert check.fault is None
    written = Event.objects.count()
    assert check.head.position == written == ChainLink.objects.count() > WRITERS * EVENTS_EACH - 30
    assert list(ChainLink.objects.order_by("position").values_list("position", flat=True)) == [
        *range(1, written + 1)
    ]


def test_events_of_one_transaction_are_chained_in_the_order_of_insertion(now: datetime) -> None:
    with transaction.atomic():
        events = [record(action="a.b", actor=None, now=now) for _ in range(5)]
        assert not ChainLink.objects.exists()
    links = list(ChainLink.objects.order_by("position"))
    assert [link.event_id for link in links] == [event.pk for event in events]
    assert [link.previous_hash for link in links] == [START, *(link.hash for link in links[:-1])]


def test_writer_waits_for_nobody_until_it_commits(write: Write, now: datetime) -> None:
    """The lock is taken at commit: another writer finishes while this one is still open."""
    with transaction.atomic():
        slow = record(action="a.slow", actor=None, now=now)

        def quick_write() -> None:
            try:
                write(action="a.quick")
            finally:
                connections.close_all()

        with ThreadPoolExecutor(1) as pool:
            pool.submit(quick_write).result(timeout=10)
    order = ChainLink.objects.order_by("position").values_list("event_id", flat=True)
    assert list(order)[-1] == slow.pk
    assert verify().fault is None


def test_chain_does_not_depend_on_how_a_session_writes_instants(write: Write, owner: Owner) -> None:
    write()
    owner.run("SET timezone = 'Asia/Kuala_Lumpur'; SET datestyle = 'German, DMY'; SET extra_float_digits = 0")
    owner.run(
        "INSERT INTO audit_event SELECT (jsonb_populate_record(event, '{\"id\": 4000}')).*"
        " FROM audit_event event"
    )
    check = verify()
    assert (check.fault, check.head.position) == (None, 2)
