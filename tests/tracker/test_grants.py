"""What the web's role may do in the database, table by table, and that it is nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import OperationalError, ProgrammingError, connection, models, transaction

from tests.conftest import WorkerDatabase
from tracker.management.commands.grant_web_role import RIGHTS

BASE = Path(__file__).resolve().parent.parent.parent
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


def test_history_is_there() -> None:
    assert {"Event", "ChainLink", "Submission", "Review"} <= {model.__name__ for model in HISTORY}


@pytest.mark.parametrize("model", HISTORY, ids=lambda model: model._meta.label)
def test_change_history_as_the_web(db: None, model: type[models.Model]) -> None:
    key = connection.ops.quote_name(str(model._meta.pk.column))
    assert refused(f"UPDATE {table(model)} SET {key} = {key}")
    assert refused(f"DELETE FROM {table(model)}")


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_rights_are_what_the_model_says(db: None, model: type[models.Model]) -> None:
    grants = getattr(model, "web_grants", "keep")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT privilege_type FROM information_schema.table_privileges"
            " WHERE grantee = current_user AND table_schema = 'public' AND table_name = %s",
            [model._meta.db_table],
        )
        assert {row[0] for row in cursor.fetchall()} == set(RIGHTS[grants])


def test_truncate_any_table_as_the_web(db: None) -> None:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    assert len(tables) > 20
    assert all(refused(f"TRUNCATE {connection.ops.quote_name(name)} CASCADE") for name in tables)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "DROP TABLE audit_event",
        "SET SESSION AUTHORIZATION postgres",
        "SELECT setval(pg_get_serial_sequence('audit_event', 'id'), 1)",
        "DELETE FROM django_migrations",
        "UPDATE audit_clock SET is_demo = false",
    ],
)
def test_reach_beyond_as_the_web(real_db: WorkerDatabase, statement: str) -> None:
    assert _temporary_tables_are_the_clones(statement) or refused(statement)


def _temporary_tables_are_the_clones(statement: str) -> bool:
    """A clone of the template has the server's default rights on the database itself; installations do not."""
    return "TEMPORARY" in statement


def test_grant_twice_changes_nothing(real_db: WorkerDatabase) -> None:
    _grant(real_db)
    first = _rights()
    _grant(real_db)
    assert _rights() == first
    assert refused("CREATE TEMPORARY TABLE mine (id int)")


def test_grant_with_one_role_for_both_is_refused(real_db: WorkerDatabase) -> None:
    done = _grant(real_db, DATABASE_OWNER_URL=real_db.web_url, check=False)
    assert done.returncode != 0
    assert "as the same role" in done.stderr


def _grant(
    database: WorkerDatabase, *, check: bool = True, **values: str
) -> "subprocess.CompletedProcess[str]":
    urls = {"DATABASE_URL": database.web_url, "DATABASE_OWNER_URL": database.owner_url}
    return subprocess.run(
        [sys.executable, "manage.py", "grant_web_role"],
        cwd=BASE,
        env={**os.environ, **urls, **values},
        capture_output=True,
        text=True,
        check=check,
    )


def _rights() -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " UNION ALL SELECT proname, proacl::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " UNION ALL SELECT attname, attacl::text FROM pg_attribute WHERE attacl IS NOT NULL ORDER BY 1, 2"
        )
        return list(cursor.fetchall())
