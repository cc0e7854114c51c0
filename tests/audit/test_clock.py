"""One clock for all processes: the demonstration only moves forward, and only the owner writes the past."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg2
import pytest
from django.db import ProgrammingError, connection, transaction
from pytest_django import Settings

from audit import clock as audit_clock
from audit.clock import begin_demo, end_of_day, is_demo, local_date, move_to, seeding, today
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from tests.audit.conftest import Owner, Write
from tests.conftest import Clock, WorkerDatabase

SECOND = timedelta(seconds=1)


def test_local_date_and_end_of_day_are_those_of_kuala_lumpur() -> None:
    assert local_date(datetime(2023, 9, 13, 15, 59, 59, tzinfo=UTC)) == date(2023, 9, 13)
    assert local_date(datetime(2023, 9, 13, 16, 0, tzinfo=UTC)) == date(2023, 9, 14)
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2023, 9, 13))  # noqa: DTZ001 - the mistake under test
    end = end_of_day(date(2023, 9, 14))
    assert end == datetime(2023, 9, 14, 16, tzinfo=UTC)
    assert local_date(end - timedelta(microseconds=1)) == date(2023, 9, 14)
    assert local_date(end) == date(2023, 9, 15)


def test_now_follows_the_demo_and_costs_one_query(
    now: datetime, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    first, second = audit_clock.now(), audit_clock.now()
    assert now < first < second < now + 5 * SECOND
    assert first.utcoffset() == timedelta(0)
    assert today() == date(2023, 9, 14)
    with django_assert_num_queries(1):
        audit_clock.now()


@pytest.mark.django_db
def test_now_without_a_demo_is_the_real_clock(
    settings: Settings, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    settings.DEMO = False
    with django_assert_num_queries(0):
        assert abs(audit_clock.now() - datetime.now(UTC)) < SECOND


def test_clock_moves_for_every_process(real_db: WorkerDatabase, clock: Clock) -> None:
    instant = clock.move_to(datetime(2023, 10, 1, tzinfo=UTC))
    with psycopg2.connect(real_db.web_url) as other, other.cursor() as cursor:
        cursor.execute("SELECT jejak_now()")
        assert timedelta(0) < cursor.fetchone()[0] - instant < 5 * SECOND
    other.close()


def test_clock_moved_back_or_of_a_real_installation_is_refused(now: datetime, settings: Settings) -> None:
    for step in (-SECOND, timedelta(0), timedelta(days=-400)):
        with pytest.raises(NotNow):
            move_to(now + step)
        assert audit_clock.now() > now, step
    settings.DEMO = False
    with pytest.raises(NotNow):
        move_to(now + SECOND)


def test_clock_of_a_real_database_cannot_be_moved_whatever_the_settings(owner: Owner, clock: Clock) -> None:
    with owner.without_triggers("audit_clock"):
        owner.run("""UPDATE audit_clock SET is_demo = false, "offset" = interval '0'""")
    assert not is_demo()
    with pytest.raises(NotNow):
        clock.move_to(datetime(2099, 1, 1, tzinfo=UTC))


def test_clock_turned_back_by_the_owner_is_refused_by_the_database(owner: Owner) -> None:
    for change in (
        "is_demo = false",
        """"offset" = "offset" - interval '1 second'""",
        """is_demo = false, "offset" = interval '0'""",
    ):
        with pytest.raises(psycopg2.Error, match="only moves forward"):
            owner.run(f"UPDATE audit_clock SET {change}")
    with (
        owner.without_triggers("audit_clock"),
        pytest.raises(psycopg2.Error, match="audit_clock_real_or_demo"),
    ):
        owner.run("UPDATE audit_clock SET is_demo = false")


def test_database_with_records_cannot_become_a_demo(owner: Owner, write: Write) -> None:
    write()
    with owner.without_triggers("audit_clock"):
        owner.run("""UPDATE audit_clock SET is_demo = false, "offset" = interval '0'""")
    with pytest.raises(psycopg2.Error, match="already holds records"):
        owner.run("UPDATE audit_clock SET is_demo = true")


def test_web_may_neither_begin_a_demo_nor_seed_and_nobody_behind_a_pool(now: datetime, settings: Any) -> None:
    with pytest.raises(NotAllowed):
        begin_demo(now + timedelta(days=1))
    with pytest.raises(NotAllowed), seeding(now - timedelta(days=1)):
        pass
    # The seed lies on a connection, which a pool gives to others.
    settings.DATABASE_POOLED = True
    with pytest.raises(NotNow, match="DATABASE_POOLED"), seeding(now - timedelta(days=1)):
        pass


def test_seed_that_the_web_sets_by_hand_is_ignored(now: datetime, write: Write) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jejak.seed_at', '2001-01-01', true)")
    assert audit_clock.now() >= now
    assert Event.objects.get(pk=write().pk).recorded_at >= now
    # jejak_move_clock runs as the owner; the session is still the web's.
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jejak.seed_at', '2001-01-01', true)")
        cursor.execute("SELECT jejak_move_clock(%s)", [now + timedelta(hours=1)])
    assert audit_clock.now() > now + timedelta(hours=1)


@pytest.mark.django_db
def test_web_cannot_write_the_clock_itself() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("UPDATE audit_clock SET is_demo = true")


@pytest.mark.usefixtures("as_owner")
def test_owner_seeds_the_past_and_begins_a_demo_only_forward(
    write: Write, now: datetime, settings: Settings
) -> None:
    june, may = datetime(2023, 6, 1, tzinfo=UTC), datetime(2023, 5, 1, tzinfo=UTC)
    with seeding(june):
        assert audit_clock.now() == june
        with seeding(may):
            old = write(now=may)
        assert audit_clock.now() == june
    assert audit_clock.now() > now
    assert Event.objects.get(pk=old.pk).recorded_at == may
    with pytest.raises(ProgrammingError), transaction.atomic(), seeding(datetime(2023, 5, 1, tzinfo=UTC)):
        connection.cursor().execute("SELECT nonsense")
    with pytest.raises(ZeroDivisionError), seeding(datetime(2023, 5, 1, tzinfo=UTC)):
        raise ZeroDivisionError
    assert audit_clock.now() > now
    with pytest.raises(NotNow):
        begin_demo(now - timedelta(days=1))
    later = ZoneInfo("Asia/Kuala_Lumpur")
    begin_demo(datetime(2023, 12, 31, 9, tzinfo=later))
    assert today() == date(2023, 12, 31)
    settings.DEMO = False
    with pytest.raises(NotNow), seeding(now):
        pass
    with pytest.raises(NotNow):
        begin_demo(now + timedelta(days=1))
