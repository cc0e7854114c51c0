"""What the doctor says of the database, its roles and its people, each broken once."""

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
from django.db import connection

from accounts.roles import Role
from installation.parts import database as database_part
from tests.conftest import WorkerDatabase
from tests.factories.accounts import make_agency, make_person
from tests.factories.passkeys import make_passkey
from tests.tracker.test_broker_down import hanging, refusing
from tests.tracker.test_doctor import says
from tracker.doctor import database, people
from tracker.doctor.looking import BROKEN, LOOK, OK, UNSEEN


def test_database_is_away_refuses_or_is_old(real_db: WorkerDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_ASKING_SECONDS", 0.3)
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    for listener in (refusing, hanging):
        with listener() as port:
            monkeypatch.setitem(connection.settings_dict, "PORT", str(port))
            assert says(database.look_at_server(), BROKEN, "does not answer")
    monkeypatch.undo()
    monkeypatch.setattr(connection.features, "minimum_database_version", (99,))
    assert says(database.look_at_server(), BROKEN, "move to 99")
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "wrong")
    assert says(database.look_at_server(), BROKEN, "refuses the web's role")
    monkeypatch.undo()
    monkeypatch.setitem(connection.settings_dict, "NAME", "no_such_database")
    assert says(database.look_at_server(), BROKEN, "knows no such database")


def test_disk_that_changes_bytes_would_not_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "ask", lambda question: (False,))
    assert says(database.look_at_checksums(), LOOK, "pg_checksums --enable")


def test_server_elsewhere_proves_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for host, options, condition in (
        ("/run/postgresql", {}, OK),
        ("127.0.0.1", {}, OK),
        ("pgbouncer", {}, OK),
        ("db.example.gov.my", {"sslmode": "verify-full"}, OK),
        ("db.example.gov.my", {"sslmode": "require"}, LOOK),
        ("10.0.0.7", {}, BROKEN),
    ):
        monkeypatch.setitem(connection.settings_dict, "HOST", host)
        monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
        assert says(database.look_at_tls(), condition, "The database"), (host, options, condition)


def test_clocks_differ(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for seconds, condition in ((0, OK), (60, LOOK), (-60, LOOK), (301, BROKEN), (-301, BROKEN)):
        ahead = SimpleNamespace(time=lambda by=seconds: time.time() + by)
        monkeypatch.setattr(database_part, "time", ahead)
        assert says(database.look_at_clocks(), condition, "The clocks of this machine and the database")


def as_owner(real_db: WorkerDatabase, statement: str) -> None:
    owner = psycopg2.connect(real_db.owner_url)
    with owner, owner.cursor() as cursor:
        cursor.execute(statement)
    owner.close()


def test_tables_are_of_another_version_or_history_may_be_changed(
    real_db: WorkerDatabase, settings: Any
) -> None:
    assert says(database.look_at_migrations(), OK, "of this version")
    as_owner(
        real_db,
        "INSERT INTO django_migrations (app, name, applied) VALUES ('search', '9999_newer', now())",
    )
    assert says(database.look_at_migrations(), LOOK, "1 changes that this version does not know")
    as_owner(real_db, "DELETE FROM django_migrations WHERE app = 'search'")
    assert says(database.look_at_migrations(), BROKEN, "are missing: run `docker compose run --rm migrate`")

    assert says(database.look_at_history(), OK, "may change none")
    as_owner(real_db, f"GRANT DELETE ON audit_event TO {settings.WEB_ROLE}")
    assert says(database.look_at_history(), BROKEN, "may change 1 tables of the history")
    as_owner(real_db, "DROP TABLE audit_event CASCADE")
    assert says(database.look_at_history(), UNSEEN, "1 tables of the history are missing")


def test_web_role_owns_tables(
    real_db: WorkerDatabase, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert says(database.look_at_web_role(), OK, "owns nothing")
    owner = psycopg2.extensions.parse_dsn(real_db.owner_url)
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "USER", owner["user"])
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", owner["password"])
    assert says(database.look_at_web_role(), BROKEN, "could change history: write a role that owns nothing")
    connection.close()


def test_secret_key_is_another(db: None, settings: Any) -> None:
    assert says(database.look_at_seals(), OK, "holds the key")
    settings.SECRET_KEY = "another-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH-0123456789"
    assert says(database.look_at_seals(), BROKEN, "grant_web_role")


def test_seal_that_could_not_be_judged_is_not_called_well(real_db: WorkerDatabase) -> None:
    as_owner(real_db, "DROP FUNCTION jejak_vouch(text, text)")
    assert says(database.look_at_seals(), UNSEEN, "could not judge a seal")


def test_owners_address_can_be_read(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for environment, condition in (("production", BROKEN), ("development", LOOK)):
        settings.ENVIRONMENT = environment
        monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://o:secret-word@localhost/jejak")
        assert says(database.Owner(is_meant=False).look_at_address(), condition, "give it to `migrate` alone")
        assert says(database.Owner(is_meant=True).look_at_address(), UNSEEN, "without --owner")
        monkeypatch.delenv("DATABASE_OWNER_URL")
        assert says(database.Owner(is_meant=False).look_at_address(), OK, "cannot read")
        assert says(database.Owner(is_meant=False).look_at_role(), UNSEEN, "doctor --owner")


def test_owners_address_in_the_folder_of_make_run_or_of_the_wrong_one(
    real_db: WorkerDatabase, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_OWNER_URL")
    settings.STATE_DIR = tmp_path
    (tmp_path / "owner.env").write_text(f"DATABASE_OWNER_URL={real_db.owner_url}\n", encoding="utf-8")
    web, owner = database.Owner(is_meant=False), database.Owner(is_meant=True)
    assert says(web.look_at_address(), LOOK, "can read the owner's address")
    assert says(web.look_at_role(), UNSEEN, "is not given here")
    assert says(owner.look_at_role(), OK, "owns all tables")

    monkeypatch.setenv("DATABASE_OWNER_URL", real_db.web_url)
    assert says(database.Owner(is_meant=True).look_at_role(), BROKEN, "signs in as the web's role")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://o:secret-word@127.0.0.1:9/jejak")
    assert says(database.Owner(is_meant=True).look_at_role(), BROKEN, "does not let the owner in")


def test_functions_that_were_changed_by_hand(
    real_db: WorkerDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", real_db.owner_url)
    owner = database.Owner(is_meant=True)
    assert says(owner.look_at_functions(), OK, "functions of the database are those of this version")
    as_owner(real_db, "CREATE FUNCTION helper() RETURNS integer LANGUAGE sql AS 'SELECT 1'")
    assert says(owner.look_at_functions(), LOOK, "does not know: helper.")
    changed = "CREATE OR REPLACE FUNCTION guard_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
    as_owner(real_db, changed)
    for _twice in range(2):
        assert says(owner.look_at_functions(), BROKEN, "changed by hand: guard_refuse. Nothing was put back")
    monkeypatch.delenv("DATABASE_OWNER_URL")
    assert says(database.Owner(is_meant=False).look_at_functions(), UNSEEN, "doctor --owner")


def test_first_administrator(db: None) -> None:
    assert says(people.look_at_administrators(), LOOK, "load_cycle` and then")
    agency = make_agency("KDN")
    said = people.look_at_administrators()
    assert says(said, LOOK, "add_person --email … --name … --role administrator --agency KDN`")
    assert "load_cycle" not in said[1]
    make_passkey(make_person(Role.OFFICER, agency))
    make_passkey(make_person(Role.ADMINISTRATOR, agency, is_active=False))
    assert says(people.look_at_administrators(), LOOK, "Nobody can administer Jejak yet")
    administrator = make_person(Role.ADMINISTRATOR, agency)
    assert says(people.look_at_administrators(), LOOK, "second factor yet")
    make_passkey(administrator)
    assert says(people.look_at_administrators(), OK, "has a second factor")


def test_why_there_is_no_connection() -> None:
    for words, sentence in (
        ('FATAL:  password authentication failed for user "w"', "refuses the web's role"),
        ('root certificate file "/x" does not exist', "TLS with the database fails"),
        ("server does not support SSL, but SSL was required", "TLS with the database fails"),
        ("FATAL:  sorry, too many clients already", "no connection left"),
        ('FATAL:  database "x" does not exist', "knows no such database"),
        ("Connection refused", "does not answer"),
    ):
        assert sentence in database._refusal(words), (words, sentence)
