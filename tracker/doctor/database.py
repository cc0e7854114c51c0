"""Whether the database is there, is whole, and gives both roles what they need and no more."""

import os
from contextlib import closing
from typing import Any

import psycopg2
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from audit.functions import all_files
from installation.parts.database import MOST_APART_SECONDS, TOLD_APART_SECONDS, ask, seconds_apart
from tracker import baseline, checks
from tracker.database_watch import ask_quickly
from tracker.doctor.commands import MIGRATE, OWNERS_DOCTOR
from tracker.doctor.looking import BROKEN, LOOK, OK, UNSEEN, ConditionReport, first_of, said_by
from tracker.env import Reader, file_of, gather
from tracker.service_addresses import ENCRYPTED_MODES, PROVEN_TLS, is_beyond_this_machine, tls_mode

_ASKING_SECONDS = 2.0
_OWNER = "DATABASE_OWNER_URL"
_UPDATE = f"run `{MIGRATE}`"
#: What to do, by what libpq or the server says of a connection that failed.
_REFUSALS = {
    ("authentication failed", "no password supplied"): "The database refuses the web's role: "
    "compare role and password in DATABASE_URL with the server's.",
    (
        "certificate",
        "SSL",
    ): "TLS with the database fails: compare sslmode and certificates in DATABASE_URL with the server's.",
    ("does not exist",): "The server knows no such database or role: make them, or mend DATABASE_URL.",
    (
        "too many",
        "connection slots",
    ): "The database has no connection left: raise max_connections, or put PgBouncer in between.",
}


def look_at_server() -> ConditionReport:
    """Say whether the database answers, lets the web's role in, and is new enough."""
    try:
        row = ask_quickly("SELECT current_setting('server_version_num')::int", _ASKING_SECONDS)
    except psycopg2.Error as error:
        return BROKEN, _refusal(str(error))
    found, least = divmod((row or (0,))[0], 10_000), connection.features.minimum_database_version or (0,)
    if found[0] < least[0]:
        return BROKEN, f"PostgreSQL {found[0]} is too old: move to {least[0]} or newer."
    return OK, f"PostgreSQL {found[0]} answers, and lets the web's role in."


def _refusal(words: str) -> str:
    """Return why there is no connection; the server's own words hold names."""
    for marks, sentence in _REFUSALS.items():
        if any(mark in words for mark in marks):
            return sentence
    return "The database does not answer at the address in DATABASE_URL: start it, or mend the address."


def look_at_tls() -> ConditionReport:
    """Say whether the server proves who it is, where it is another machine's."""
    database = connection.settings_dict
    if not is_beyond_this_machine(database["HOST"]):
        return OK, "The database is on this machine, or in the network of its containers."
    if (mode := tls_mode(database["OPTIONS"])) == "verify-full":
        return OK, "The database proves who it is (sslmode=verify-full)."
    return (
        LOOK if mode in ENCRYPTED_MODES else BROKEN,
        f"The database is another machine's, and need not prove who it is (sslmode={mode}): "
        f"write ?{PROVEN_TLS} at the end of DATABASE_URL and DATABASE_OWNER_URL.",
    )


def look_at_checksums() -> ConditionReport:
    """Say whether the server notices bytes that its disk changed."""
    (is_on,) = ask("SELECT current_setting('data_checksums') = 'on'")
    if not is_on:
        return (
            LOOK,
            "The server does not notice bytes that its disk changed: stop it and run `pg_checksums --enable`.",
        )
    return OK, "The server notices bytes that its disk changed (data checksums)."


def look_at_clocks() -> ConditionReport:
    """Say whether the clocks of machine and database agree well enough for what is recorded."""
    apart = seconds_apart()
    if apart >= TOLD_APART_SECONDS:
        return (
            BROKEN if apart >= MOST_APART_SECONDS else LOOK,
            f"The clocks of this machine and the database are {apart:.0f} seconds apart, and from {MOST_APART_SECONDS} on nothing "
            "can be recorded: let NTP set both.",
        )
    return OK, f"The clocks of this machine and the database agree ({apart:.1f} seconds apart)."


def look_at_migrations() -> ConditionReport:
    """Say whether the tables are those of this version."""
    with connection.cursor() as cursor:
        if baseline.look(cursor) is baseline.Tables.OLDER:
            return BROKEN, baseline.TOO_OLD
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    unknown = [
        each
        for each in executor.loader.applied_migrations
        if each[0] in executor.loader.migrated_apps and each not in executor.loader.disk_migrations
    ]
    return first_of(
        (bool(missing), BROKEN, f"{len(missing)} changes of the tables (migrations) are missing: {_UPDATE}."),
        (
            bool(unknown),
            LOOK,
            f"The tables have {len(unknown)} changes that this version does not know: start the newer version again.",
        ),
        well="The tables are those of this version.",
    )


def look_at_web_role() -> ConditionReport:
    """Say whether the web's role owns nothing."""
    return said_by(
        checks.web_role_owns_nothing(None, databases=["default"]), well="The web's role owns nothing."
    )


def look_at_history() -> ConditionReport:
    """Say whether the web's role may change or remove rows of tables that only grow."""
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if getattr(model, "web_grants", "") in {"read", "append"}
    ]
    there, open_ones = ask(
        "SELECT count(*), count(*) FILTER (WHERE has_table_privilege(current_user, oid, 'UPDATE, DELETE, TRUNCATE'))"
        " FROM pg_class WHERE relnamespace = to_regnamespace('public') AND relkind IN ('r', 'p', 'v') AND relname = ANY(%s)",
        tables,
    )
    return first_of(
        (there < len(tables), UNSEEN, f"{len(tables) - there} tables of the history are missing: {_UPDATE}."),
        (bool(open_ones), BROKEN, f"The web's role may change {open_ones} tables of the history: {_UPDATE}."),
        well=f"The web's role may change none of the {there} tables of the history.",
    )


def look_at_seals() -> ConditionReport:
    """Say whether the database takes what this SECRET_KEY seals."""
    code = checks.refusal_of_seals()
    if code == checks.OTHER_KEY:
        return said_by(checks.seals_are_known(None, databases=["default"]), well="")
    if code:
        return (
            UNSEEN,
            "The database could not judge a seal: mend clocks, tables and rights, as said above, and look again.",
        )
    return OK, "The database holds the key of this SECRET_KEY."


class Owner:
    """The owner of the tables, whose address only `migrate` may have. `is_meant` says that this process may."""

    def __init__(self, *, is_meant: bool) -> None:
        self._is_meant = is_meant
        kept = [
            settings.STATE_DIR / name for name in (("web.env", "owner.env") if is_meant else ("web.env",))
        ]
        self._env = Reader(gather(file_of(settings.BASE_DIR), *kept))
        self._address = self._env.text(_OWNER, "")

    def look_at_address(self) -> ConditionReport:
        """Say whether a process such as this one can read the owner's address."""
        if self._is_meant:
            return (
                UNSEEN,
                "Whether web, worker and beat can read the owner's address shows only there, without --owner.",
            )
        if self._address or os.access(settings.STATE_DIR / "owner.env", os.R_OK):
            return (
                BROKEN if settings.ENVIRONMENT == "production" else LOOK,
                f"This process can read the owner's address ({_OWNER}), and a web like it could change history: "
                "give it to `migrate` alone.",
            )
        return OK, "This process cannot read the owner's address."

    def look_at_role(self) -> ConditionReport:
        """Say whether the owner's role can do its work, where its address is known."""
        if not self._address:
            return (
                UNSEEN,
                f"The owner's address is not given here: `{OWNERS_DOCTOR}` looks at it.",
            )
        try:
            is_web, is_superuser, others = self._powers()
        except psycopg2.Error:
            return BROKEN, f"The database does not let the owner in: mend {_OWNER}, or upgrades fail."
        return first_of(
            (is_web, BROKEN, f"{_OWNER} signs in as the web's role: write the owner of the tables there."),
            (
                bool(others),
                BROKEN,
                f"{others} tables belong to somebody other than the role in {_OWNER}: give them to it.",
            ),
            (is_superuser, LOOK, f"The role in {_OWNER} is a superuser: an owner of the tables is enough."),
            well="The owner's role owns all tables and is no superuser.",
        )

    def look_at_functions(self) -> ConditionReport:
        """Say whether the functions of the database are those of this version's files, where the owner's address is known.

        The files are loaded in a transaction that is taken back: what changes by that was changed by hand.
        """
        if not self._address:
            return UNSEEN, f"The owner's address is not given here: `{OWNERS_DOCTOR}` looks at them."
        try:
            with closing(self._connect()) as owner:
                cursor = owner.cursor()
                before = _definitions(cursor)
                for path in all_files():
                    cursor.execute(path.read_text(encoding="utf-8"))
                after = _definitions(cursor)
                owner.rollback()
        except psycopg2.Error:
            return UNSEEN, f"The functions could not be compared: see the lines above, and {_UPDATE}."
        changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        unknown = sorted(before.keys() - {path.stem for path in all_files()})
        return first_of(
            (
                bool(changed),
                BROKEN,
                f"Functions of the database were changed by hand: {', '.join(changed)}. Nothing was put back: load "
                "<app>/sql/<function>.sql as the owner, and ask who changed them.",
            ),
            (
                bool(unknown),
                LOOK,
                f"The database has functions that this version does not know: {', '.join(unknown)}.",
            ),
            well=f"The {len(after)} functions of the database are those of this version.",
        )

    def _connect(self) -> Any:
        known = self._env.database(_OWNER)
        return psycopg2.connect(
            dbname=known["NAME"],
            user=known["USER"],
            password=known["PASSWORD"],
            host=known["HOST"],
            port=known["PORT"] or None,
            **{"connect_timeout": 2, **known["OPTIONS"]},
        )

    def _powers(self) -> tuple[Any, ...]:
        with closing(self._connect()) as owner:
            cursor = owner.cursor()
            cursor.execute(
                "SELECT current_user = %s, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),"
                " (SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
                " AND NOT pg_has_role(current_user, tableowner, 'USAGE'))",
                [settings.WEB_ROLE],
            )
            row: tuple[Any, ...] = cursor.fetchone()
        return row


def _definitions(cursor: Any) -> dict[str, str]:
    """Return the definition of each function of the database that no extension brought."""
    cursor.execute(
        "SELECT proname, string_agg(pg_get_functiondef(oid), '' ORDER BY oid) FROM pg_proc routine"
        " WHERE pronamespace = 'public'::regnamespace"
        " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = routine.oid AND deptype = 'e') GROUP BY proname"
    )
    return dict(cursor.fetchall())
