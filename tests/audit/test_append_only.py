"""UPDATE, DELETE and TRUNCATE are refused to the web's role by grants, and to the owner by triggers."""

import psycopg2
import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from tests.audit.conftest import Owner, Write

STATEMENTS = {
    "audit_event": [
        "UPDATE audit_event SET reason = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "INSERT INTO audit_event (id, action) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET action = 'x'",
    ],
    "audit_link": ["UPDATE audit_link SET hash = ''", "DELETE FROM audit_link", "TRUNCATE audit_link"],
    "audit_clock": ["DELETE FROM audit_clock", "TRUNCATE audit_clock"],
}
EVERY = [(table, statement) for table, statements in STATEMENTS.items() for statement in statements]


def test_change_of_history_as_the_web_is_refused_by_grants(write: Write) -> None:
    write()
    for table, statement in EVERY:
        with (
            pytest.raises(ProgrammingError, match=f"permission denied for table {table}"),
            transaction.atomic(),
        ):
            connection.cursor().execute(statement)


def test_change_of_history_as_the_owner_is_refused_by_triggers(write: Write, owner: Owner) -> None:
    write()
    for table, statement in EVERY:
        with pytest.raises(psycopg2.Error, match=f"jejak: .* is refused on {table}: its rows are kept"):
            owner.run(statement)


def test_change_of_history_with_pgtrigger_told_to_ignore_is_refused(write: Write, owner: Owner) -> None:
    write()
    [(names,)] = owner.run("SELECT array_agg(tgname) FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'")
    owner.run("SELECT set_config('pgtrigger.ignore', %s, false)", ["{" + ",".join(names) + "}"])
    for table, statement in EVERY:
        with pytest.raises(psycopg2.Error, match=f"is refused on {table}"):
            owner.run(statement)


@pytest.mark.django_db
def test_write_of_chain_or_clock_as_the_web_is_refused() -> None:
    for statement in (
        "INSERT INTO audit_link VALUES (1, 1, '', '')",
        "INSERT INTO audit_clock VALUES (1, true, interval '1 day')",
        "UPDATE audit_clock SET is_demo = true",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


@pytest.mark.django_db
def test_functions_that_act_as_the_owner_pin_their_search_path_and_the_web_may_call_only_these() -> None:
    for function in ("audit_append_link", "keep_past"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_function_privilege(%s, 'EXECUTE')", [f"{function}()"])
            assert cursor.fetchone() == (False,), function
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, array_to_string(proconfig, ' ') FROM pg_proc"
            " WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1"
        )
        settings = dict(cursor.fetchall())
    assert {"audit_append_link", "jejak_move_clock", "keep_past"} <= settings.keys()
    for name, pinned in settings.items():
        assert "search_path=pg_catalog, public, pg_temp" in pinned, name
    # Each of them asks for what must be so by itself: a demonstration, the Event of a deletion, a seal, an age of a day.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE prosecdef AND has_function_privilege(oid, 'EXECUTE')"
            " AND pronamespace = 'public'::regnamespace ORDER BY 1"
        )
        assert [name for (name,) in cursor.fetchall()] == [
            "jejak_delete_cycle",
            "jejak_forget_seals",
            "jejak_is_vouched",
            "jejak_move_clock",
            "jejak_record",
            "jejak_vouch",
        ]


def test_event_with_its_own_number_is_chained_like_any_other(owner: Owner, write: Write) -> None:
    event = write()
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(
            "INSERT INTO audit_event SELECT * FROM audit_event WHERE id = %s", [event.pk]
        )
    assert owner.run("SELECT event_id FROM audit_link") == [(event.pk,)]
