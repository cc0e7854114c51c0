"""What the web's role may do in the database, table by table, and that it is nothing else."""

import psycopg2
import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, ProgrammingError, connection, models, transaction

from tests.conftest import WorkerDatabase
from tracker.management.commands.grant_web_role import RIGHTS

OURS = ("audit", "accounts", "evidence", "recommendations", "search")
OUR_MODELS = [model for label in OURS for model in apps.get_app_config(label).get_models()]
HISTORY = [model for model in OUR_MODELS if getattr(model, "web_grants", "keep") in {"read", "append"}]


#: The web role lacks the right; or it is a view of several tables, which nobody can write.
_REFUSALS = {"42501", "55000"}


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except (ProgrammingError, OperationalError) as error:
        return getattr(error.__cause__, "pgcode", "") in _REFUSALS
    return False


def table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def test_change_or_truncate_history_as_the_web(db: None) -> None:
    assert {"Event", "ChainLink", "Submission", "Review"} <= {model.__name__ for model in HISTORY}
    for model in HISTORY:
        key = connection.ops.quote_name(str(model._meta.pk.column))
        assert refused(f"UPDATE {table(model)} SET {key} = {key}"), model
        assert refused(f"DELETE FROM {table(model)}"), model
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    assert len(tables) > 20
    assert all(refused(f"TRUNCATE {connection.ops.quote_name(name)} CASCADE") for name in tables)


def test_rights_are_what_the_model_says(db: None) -> None:
    for model in OUR_MODELS:
        grants = getattr(model, "web_grants", "keep")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT privilege_type FROM information_schema.table_privileges"
                " WHERE grantee = current_user AND table_schema = 'public' AND table_name = %s",
                [model._meta.db_table],
            )
            assert {row[0] for row in cursor.fetchall()} == set(RIGHTS[grants]), model


def test_reach_beyond_as_the_web(real_db: WorkerDatabase) -> None:
    for statement in (
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "DROP TABLE audit_event",
        "SET SESSION AUTHORIZATION postgres",
        "SELECT setval(pg_get_serial_sequence('audit_event', 'id'), 1)",
        "DELETE FROM django_migrations",
        "UPDATE audit_clock SET is_demo = false",
    ):
        assert _temporary_tables_are_the_clones(statement) or refused(statement), statement


def _temporary_tables_are_the_clones(statement: str) -> bool:
    """A clone of the template has the server's default rights on the database itself; installations do not."""
    return "TEMPORARY" in statement


def test_grant_twice_changes_nothing(real_db: WorkerDatabase, as_owner: None) -> None:
    call_command("grant_web_role", verbosity=0)
    first = _rights()
    call_command("grant_web_role", verbosity=0)
    assert _rights() == first
    web = psycopg2.connect(real_db.web_url)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        web.cursor().execute("CREATE TEMPORARY TABLE mine (id int)")
    web.close()


def test_grant_with_one_role_for_both_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="as the same role"):
        call_command("grant_web_role")


def _rights() -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " UNION ALL SELECT proname, proacl::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " UNION ALL SELECT attname, attacl::text FROM pg_attribute WHERE attacl IS NOT NULL ORDER BY 1, 2"
        )
        return list(cursor.fetchall())
