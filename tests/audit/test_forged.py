"""Whoever smuggles SQL in as the web's role forges no history: the log takes only what this installation sealed, once,
and at the present instant."""

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from audit.models import Event
from audit.seals import VOUCH, forget_used, seal_of, vouching
from audit.services import record
from audit.verification import verify
from tests.audit.conftest import Owner, Person, Write
from tests.conftest import Clock, WorkerDatabase

COLUMNS = "occurred_at, action, actor_id, actor_name, actor_role, object_type, object_id, label, reason"
FORGED = "now(), 'review.accepted', 7, 'Aminah', 'reviewer', '', '', '', ''"
Said = dict[str, Any]


@pytest.fixture
def said(now: datetime) -> Said:
    """What an honest process says of an act, as `jejak_record` reads it."""
    return {
        "serves": "event",
        "occurred_at": now.isoformat(),
        "action": "update.submitted",
        "actor_id": 7,
        "actor_name": "Aminah binti Salleh",
        "actor_role": "officer",
        "nonce": uuid4().hex,
        **dict.fromkeys(("actor_agency_code", "object_type", "object_id", "label"), ""),
        **dict.fromkeys(("reason", "user_agent", "request_id"), ""),
    }


def _sealed(said: Said) -> tuple[str, str]:
    text = json.dumps(said)
    return text, seal_of(text)


def _hand_in(text: str, by: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT jejak_record(%s, %s)", [text, by])


@pytest.mark.django_db
def test_log_and_key_are_out_of_reach_of_the_webs_role() -> None:
    for statement in (
        f"INSERT INTO audit_event ({COLUMNS}) VALUES ({FORGED})",
        f"INSERT INTO audit_event ({COLUMNS}) SELECT {FORGED}",
        f"COPY audit_event ({COLUMNS}) FROM STDIN",
        f"WITH forged AS (INSERT INTO audit_event ({COLUMNS}) VALUES ({FORGED}) RETURNING id) SELECT * FROM forged",
        "MERGE INTO audit_event USING (SELECT 1) one ON false WHEN NOT MATCHED THEN INSERT (action) VALUES ('a.b')",
        "SELECT * FROM audit_sealkey",
        "SELECT inner_pad FROM audit_sealkey",
        "INSERT INTO audit_sealkey VALUES (1, '', '')",
        "UPDATE audit_sealkey SET inner_pad = ''",
        "DELETE FROM audit_sealkey",
        "SELECT jejak_unseal('{}', '', 'event', now())",
        "SELECT * FROM audit_seal",
        "DELETE FROM audit_seal",
        "INSERT INTO audit_seal (nonce, action, actor_id) VALUES (gen_random_uuid(), '', 7)",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_sealed_act_is_recorded_as_it_was_said(said: Said) -> None:
    _hand_in(*_sealed(said))
    assert Event.objects.get().actor_name == "Aminah binti Salleh"


def _other_person(text: str, by: str) -> tuple[str, str]:
    return text.replace('"actor_id": 7', '"actor_id": 8'), by


def _other_instant(text: str, by: str) -> tuple[str, str]:
    return text.replace('"occurred_at": "2023', '"occurred_at": "2022'), by


def _other_act(text: str, by: str) -> tuple[str, str]:
    return text.replace("update.submitted", "review.accepted"), by


def _said_twice(text: str, by: str) -> tuple[str, str]:
    """JSON in which a key stands twice: the seal is of the whole text."""
    return text[:-1] + ', "actor_id": 8}', by


def test_what_was_not_sealed_is_refused(said: Said) -> None:
    for forge in (
        _other_person,
        _other_instant,
        _other_act,
        _said_twice,
        lambda text, by: (text + " ", by),
        lambda text, by: (text, by[:-1]),
        lambda text, by: (text, by.upper()),
        lambda text, by: (text, ""),
        lambda text, by: (text, None),
        lambda text, by: (None, by),
    ):
        with pytest.raises(DatabaseError, match="this seal is not of this installation"):
            _hand_in(*forge(*_sealed(said)))
        assert not Event.objects.exists(), forge


def test_seal_of_another_installation_is_refused(said: Said, settings: Settings) -> None:
    settings.SECRET_KEY = "another-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH-0123456789"
    with pytest.raises(DatabaseError, match="not of this installation"):
        _hand_in(*_sealed(said))


def test_database_without_a_key_takes_nothing(said: Said, owner: Owner) -> None:
    owner.run("DELETE FROM audit_sealkey")
    with pytest.raises(DatabaseError, match="not of this installation"):
        _hand_in(*_sealed(said))


def test_act_of_another_instant_or_without_one_is_refused_even_with_its_seal(
    said: Said, now: datetime
) -> None:
    for minutes in (-60 * 24 * 365, -6, 6, 60 * 24):
        said["occurred_at"] = (now + timedelta(minutes=minutes)).isoformat()
        with pytest.raises(DatabaseError, match="what is sealed happens at the present instant"):
            _hand_in(*_sealed(said))
    for instant in (None, "infinity", "-infinity"):
        said["occurred_at"] = instant
        with pytest.raises(DatabaseError, match="what is sealed happens at the present instant"):
            _hand_in(*_sealed(said))


def test_seal_serves_once(said: Said) -> None:
    text, by = _sealed(said)
    _hand_in(text, by)
    with pytest.raises(DatabaseError, match="audit_seal"):
        _hand_in(text, by)
    assert Event.objects.count() == 1


def test_seal_serves_for_what_it_was_made(said: Said) -> None:
    with pytest.raises(DatabaseError, match="this seal serves for something else"):
        _hand_in(*vouching("a.b"))
    with pytest.raises(DatabaseError, match="this seal serves for something else"), transaction.atomic():
        connection.cursor().execute(VOUCH, _sealed(said))
    with pytest.raises(DatabaseError, match="not of this installation"), transaction.atomic():
        connection.cursor().execute(VOUCH, [json.dumps(said), "0" * 64])


def test_act_without_a_number_of_its_seal_is_refused(said: Said) -> None:
    del said["nonce"]
    with pytest.raises(DatabaseError, match="null value"):
        _hand_in(*_sealed(said))


def test_seal_serves_once_on_whatever_connection_and_in_whatever_transaction(
    said: Said, real_db: WorkerDatabase
) -> None:
    text, by = _sealed(said)
    _hand_in(text, by)
    thief = psycopg2.connect(real_db.web_url)
    with pytest.raises(psycopg2.errors.UniqueViolation), thief.cursor() as cursor:
        cursor.execute("SELECT jejak_record(%s, %s)", [text, by])
    thief.close()


def test_seal_of_an_act_that_was_undone_dies_with_its_instant(
    said: Said, clock: Clock, now: datetime
) -> None:
    """What fell with its transaction may be handed in again (ADR 1), but only as it was, and for five minutes."""
    text, by = _sealed(said)
    with transaction.atomic():
        _hand_in(text, by)
        transaction.set_rollback(True)
    clock.move_to(now + timedelta(minutes=6))
    with pytest.raises(DatabaseError, match="what is sealed happens at the present instant"):
        _hand_in(text, by)


def test_nothing_of_an_act_stays_on_the_connection_for_the_next_request(write: Write) -> None:
    """Connections are kept and pooled: a right to act as somebody must not wait there for the next one who comes."""
    write()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(f"INSERT INTO audit_event ({COLUMNS}) VALUES ({FORGED})")


def test_savepoint_that_fell_gives_no_right_to_the_rest(person: Person, now: datetime) -> None:
    with transaction.atomic():
        with transaction.atomic():
            record(action="update.submitted", actor=person, now=now)
            transaction.set_rollback(True)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(f"INSERT INTO audit_event ({COLUMNS}) VALUES ({FORGED})")
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "trick",
    [
        "CREATE TEMPORARY TABLE audit_sealkey AS SELECT 1 AS id, ''::bytea AS inner_pad, ''::bytea AS outer_pad",
        "CREATE TEMPORARY TABLE audit_event AS SELECT * FROM public.audit_event",
        "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT ''''::bytea'",
        "CREATE FUNCTION pg_temp.jejak_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT ''2001-01-01''::timestamptz'",
    ],
)
def test_shadow_of_a_table_or_a_function_deceives_nobody(said: Said, owner: Owner, trick: str) -> None:
    """As if the web could make temporary objects, which `grant_web_role` takes from it."""
    owner.run("DO $$ BEGIN EXECUTE format('GRANT TEMP ON DATABASE %I TO PUBLIC', current_database()); END $$")
    with connection.cursor() as cursor:
        cursor.execute("SET search_path = pg_temp, public, pg_catalog")
        cursor.execute(trick)
        with pytest.raises(DatabaseError, match="not of this installation"), transaction.atomic():
            cursor.execute("SELECT public.jejak_record(%s, %s)", [json.dumps(said), "0" * 64])
        said["occurred_at"] = "2001-01-01T00:00:00+00:00"
        with (
            pytest.raises(DatabaseError, match="what is sealed happens at the present instant"),
            transaction.atomic(),
        ):
            cursor.execute("SELECT public.jejak_record(%s, %s)", _sealed(said))
        cursor.execute("DISCARD ALL")


def test_other_role_or_switch_is_out_of_reach_of_the_webs_role(real_db: WorkerDatabase) -> None:
    for statement in (
        "SET SESSION AUTHORIZATION jejak_owner",
        "SET ROLE pg_database_owner",
        "SET ROLE postgres",
        "SET session_replication_role = replica",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "ALTER FUNCTION jejak_record(text, text) SECURITY INVOKER",
        "CREATE OR REPLACE FUNCTION jejak_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)


def test_seed_of_the_past_is_the_owners(said: Said) -> None:
    said["occurred_at"] = "2001-01-01T00:00:00+00:00"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jejak.seed_at', '2001-01-01', true)")
    with pytest.raises(DatabaseError, match="what is sealed happens at the present instant"):
        _hand_in(*_sealed(said))


def test_used_seals_are_forgotten_after_a_day_and_not_before(write: Write, owner: Owner) -> None:
    write()
    forget_used()
    assert owner.run("SELECT count(*) FROM audit_seal") == [(1,)]
    owner.run("UPDATE audit_seal SET used_at = now() - interval '25 hours'")
    forget_used()
    assert owner.run("SELECT count(*) FROM audit_seal") == [(0,)]


def test_chain_of_sealed_events_verifies(write: Write, owner: Owner) -> None:
    write()
    with pytest.raises(DatabaseError):
        _hand_in("{}", "")
    write(before={"at": date(2023, 9, 14)}, after={"amount": 1.5})
    assert verify().fault is None
    assert Event.objects.count() == 2
