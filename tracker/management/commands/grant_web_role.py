"""Grants the web's database role exactly what the models' `web_grants` say, and revokes everything else.

Also gives the database the key by which it knows the events of this installation (`audit.seals`).
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, models, transaction
from psycopg2 import sql

from audit.seals import hand_over_key

#: What a model's `web_grants` gives: "append" may add that some columns (`web_updates`) are filled in later.
RIGHTS = {
    "read": ("SELECT",),
    "append": ("SELECT", "INSERT"),
    "keep": ("SELECT", "INSERT", "UPDATE"),
    "free": ("SELECT", "INSERT", "UPDATE", "DELETE"),
}
TABLES_WITHOUT_MODEL = {"django_migrations": "read"}


class Command(BaseCommand):
    help = (
        "Grant the web's database role what the models say, and nothing else. Run as the owner after migrate."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Revoke and grant in one transaction; running it again changes nothing. Raises CommandError."""
        role = settings.WEB_ROLE
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            if cursor.fetchone() == (role,):
                raise CommandError(
                    "DATABASE_URL and DATABASE_OWNER_URL sign in as the same role: give the web a role of its own."
                )
            for statement in [
                *_clearing(role),
                *_granting(role, connection.introspection.table_names(cursor, include_views=True)),
            ]:
                cursor.execute(statement)
            hand_over_key()
        if options["verbosity"]:
            self.stdout.write(f"The role {role} now holds what the models grant, and nothing else.")


def _clearing(role: str) -> Iterator[sql.Composable]:
    """Revoke from the role, and from everybody, what an earlier run or a default granted."""
    name, database = sql.Identifier(role), sql.Identifier(connection.settings_dict["NAME"])
    yield sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC, {}").format(database, name)
    yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, name)
    yield sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC, {}").format(name)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name)
    for kind in ("TABLES", "SEQUENCES", "ROUTINES"):
        yield sql.SQL("REVOKE ALL ON ALL {} IN SCHEMA public FROM PUBLIC, {}").format(sql.SQL(kind), name)


def _granting(role: str, existing: list[str]) -> Iterator[sql.Composable]:
    """Grant each table, then the sequences of tables that take inserts, then the functions."""
    name = sql.Identifier(role)
    for table, grants, updates in sorted(_tables()):
        if table not in existing:
            continue
        rights = sql.SQL(", ").join(map(sql.SQL, RIGHTS[grants]))
        yield sql.SQL("GRANT {} ON {} TO {}").format(rights, sql.Identifier(table), name)
        if updates:
            columns = sql.SQL(", ").join(map(sql.Identifier, updates))
            yield sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(columns, sql.Identifier(table), name)
    yield sql.SQL(_SEQUENCES).format(role=sql.Literal(role))
    yield sql.SQL(_FUNCTIONS).format(role=sql.Literal(role))


def _tables() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield table, kind of grant and later-filled columns of every model. Raises CommandError for an unknown kind."""
    yield from ((table, grants, ()) for table, grants in TABLES_WITHOUT_MODEL.items())
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy:
            continue
        grants = getattr(model, "web_grants", _default_grants(model))
        if grants not in RIGHTS:
            raise CommandError(
                f"{model.__name__}.web_grants is {grants!r}: write one of {', '.join(RIGHTS)}."
            )
        fields = getattr(model, "web_updates", ())
        columns = tuple(_column(model, field) for field in fields)
        yield model._meta.db_table, grants, columns


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field) or field.column is None:
        raise CommandError(f"{model.__name__}.web_updates names {name!r}, which is no column.")
    return field.column


def _default_grants(model: type[models.Model]) -> str:
    """Our models keep rows; tables of other people's apps, and bare link tables, may lose them."""
    config = apps.app_configs[model._meta.app_label]
    return "keep" if _is_ours(config.path) and not model._meta.auto_created else "free"


def _is_ours(path: str) -> bool:
    return path.startswith(f"{settings.BASE_DIR}/") and "site-packages" not in path


#: USAGE on the sequence of every table that the role may insert into.
_SEQUENCES = """
DO $do$
DECLARE owned record;
BEGIN
    FOR owned IN
        SELECT s.oid::regclass AS name
        FROM pg_class s
        JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace
          AND has_table_privilege({role}, d.refobjid, 'INSERT')
    LOOP
        EXECUTE format('GRANT USAGE ON SEQUENCE %s TO %I', owned.name, {role});
    END LOOP;
END
$do$
"""

#: EXECUTE on plain functions: column defaults and triggers call them in the web's name. A function that must not
#: serve the web says so itself (it asks who the owner is); trigger functions need no grant.
_FUNCTIONS = """
DO $do$
DECLARE routine record;
BEGIN
    FOR routine IN
        SELECT p.oid::regprocedure AS name
        FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype
          AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', routine.name, {role});
    END LOOP;
END
$do$
"""
