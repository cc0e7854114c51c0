"""Attacks on history and secrets: by statements with the web's own role, and by reading what is left lying about."""

from __future__ import annotations

import hashlib
import json
import pickle
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg2

from attacks.attack import Ground, Succeeded, attack
from trials.releases import TrialFailed

GROUP = "logs"


def _demand_refused(ground: Ground, statements: dict[str, str]) -> str:
    """Run each statement in a transaction of its own, up to its end: all must fail."""
    for what, statement in statements.items():
        with ground.site.as_the_web() as cursor:
            try:
                cursor.execute(statement)
                done = cursor.rowcount
                cursor.connection.commit()
            except psycopg2.Error:
                continue
            if done:
                raise Succeeded(f"{what}: {done} rows")
    return f"{len(statements)} statements, all refused by the database"


def _said(cursor: Any, **changed: str) -> dict[str, object]:
    """Return an act of a reviewer who did nothing, as the log would take it with a seal."""
    cursor.execute("SELECT id, name FROM accounts_user WHERE role = 'reviewer' ORDER BY id LIMIT 1")
    reviewer, name = cursor.fetchone()
    return {
        "action": "update.accepted", "actor_id": reviewer, "actor_name": name, "actor_role": "reviewer", "actor_agency_code": "KDN",
        "object_type": "recommendations.Update", "object_id": "1", "label": "", "reason": "", "user_agent": "", "request_id": "",
        "occurred_at": datetime.now(UTC).isoformat(), "nonce": uuid4().hex, "serves": "event",
    } | changed  # fmt: skip


def _forged(ground: Ground, inner: bytes, outer: bytes, **changed: str) -> tuple[str, str]:
    """Return an act and its seal, made with these two paddings of a key."""
    with ground.site.as_the_web() as cursor:
        said = json.dumps(_said(cursor, **changed))
    digest = hashlib.sha256(inner + said.encode()).digest()
    return said, hashlib.sha256(outer + digest).hexdigest()


def _record(ground: Ground, before: str, said: str, seal: str) -> bool:
    """Tell whether the database takes an act with this seal, after a statement of the attacker's in the same transaction."""
    with ground.site.as_the_web() as cursor:
        try:
            cursor.execute(f"{before}; SELECT id FROM jejak_record(%s, %s)", [said, seal])
            cursor.connection.commit()
        except psycopg2.Error:
            return False
    return True


def _key_of_the_database(ground: Ground) -> tuple[bytes, bytes]:
    """Return the key of seals as the web's role can read it, or one of the attacker's own."""
    with ground.site.as_the_web() as cursor:
        try:
            cursor.execute("SELECT inner_pad, outer_pad FROM audit_sealkey")
            inner, outer = cursor.fetchone()
        except psycopg2.Error:
            return bytes(64), bytes([255]) * 64
        return bytes(inner), bytes(outer)


@attack(GROUP, "The log is changed, emptied or cut by the web's role")
def change_history(ground: Ground) -> str:
    return _demand_refused(ground, {
        "update": "UPDATE audit_event SET actor_name = 'x'", "delete": "DELETE FROM audit_event", "truncate": "TRUNCATE audit_event",
        "link": "UPDATE audit_link SET hash = 'x'", "cut": "DELETE FROM audit_link", "smuggled link": "INSERT INTO audit_link VALUES (1, 1, '', '')",
        "trigger": "ALTER TABLE audit_event DISABLE TRIGGER ALL", "replica": "SET session_replication_role = replica; UPDATE audit_event SET reason = 'x'",
        "ignore": "SET pgtrigger.ignore = 'audit.Event:append_only'; UPDATE audit_event SET reason = 'x'", "clock": "UPDATE audit_clock SET \"offset\" = '0'",
        "role": "SET ROLE jejak_owner; DELETE FROM audit_event", "function": "CREATE OR REPLACE FUNCTION jejak_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
        "versions": "UPDATE accounts_agencyversion SET code = 'x'", "schema": "CREATE TABLE public.audit_event2 (x int)",
    })  # fmt: skip


_INSERT = """INSERT INTO audit_event (occurred_at, action, actor_id, actor_name, actor_role, actor_agency_code, object_type, object_id,
label, reason, user_agent, request_id) SELECT jejak_now(), 'update.accepted', id, name, role, 'KDN', 'recommendations.Update', '1', '', '',
'', '' FROM accounts_user WHERE role = 'reviewer' LIMIT 1"""


@attack(
    GROUP,
    "An act is forged in the log: inserted, sealed with a key of one's own, or past changed functions, triggers and tables",
)
def forged_actor(ground: Ground) -> str:
    refused = _demand_refused(ground, {
        "insert": _INSERT,
        "copy": "INSERT INTO audit_event SELECT (e).* FROM (SELECT e FROM audit_event e ORDER BY id DESC LIMIT 1) AS last (e)",
        "change": "UPDATE audit_event SET actor_id = NULL WHERE id = (SELECT max(id) FROM audit_event)", "delete": "DELETE FROM audit_event",
        "truncate": "TRUNCATE audit_event, audit_link CASCADE",
        "own trigger": "CREATE TRIGGER mine AFTER INSERT ON audit_event EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "disabled": "ALTER TABLE audit_event DISABLE TRIGGER USER", "rule": "CREATE RULE mine AS ON INSERT TO audit_event DO INSTEAD NOTHING",
        "function": "CREATE OR REPLACE FUNCTION jejak_record(said text, seal text, OUT id bigint, OUT recorded_at timestamptz) LANGUAGE sql AS 'SELECT 1::bigint, now()'",
        "dropped": "DROP FUNCTION jejak_record(text, text)", "path": "ALTER FUNCTION jejak_record(text, text) SET search_path = pg_temp",
        "key": "UPDATE audit_sealkey SET inner_pad = 'x', outer_pad = 'x'", "new key": "INSERT INTO audit_sealkey VALUES (2, 'x', 'x')",
        "used seals": "DELETE FROM audit_seal", "owner": "ALTER TABLE audit_event OWNER TO CURRENT_USER", "granted": f"GRANT INSERT ON audit_event TO PUBLIC; {_INSERT}",
        "replica": "SET session_replication_role = replica",
    })  # fmt: skip
    inner, outer = _key_of_the_database(ground)
    shadow = f"CREATE TEMPORARY TABLE audit_sealkey AS SELECT 1 AS id, '\\x{inner.hex()}'::bytea AS inner_pad, '\\x{outer.hex()}'::bytea AS outer_pad"
    ways = (
        "SELECT 1",
        shadow,
        f"{shadow}; SET search_path = pg_temp, public",
        "SET ROLE NONE",
        "SAVEPOINT a",
    )
    for before in ways:
        if _record(ground, before, *_forged(ground, inner, outer)):
            raise Succeeded(f"a reviewer accepted an update in the log, after {before[:40]}")
    for seal in ("", "0" * 64, hashlib.sha256(b"").hexdigest()):
        if _record(ground, "SELECT 1", _forged(ground, inner, outer)[0], seal):
            raise Succeeded(f"the log took the seal {seal[:8]!r}")
    return f"{refused}; {len(ways) + 3} seals, none taken"


@attack(
    GROUP,
    "An act is written into the log with a day of the past or of the future, or a second time with the same seal",
)
def forged_instant(ground: Ground) -> str:
    """With the very key of the installation, as a process that was taken over has it: even then the present alone can be written."""
    with ground.site.as_the_owner() as cursor:
        cursor.execute("SELECT inner_pad, outer_pad FROM audit_sealkey")
        inner, outer = map(bytes, cursor.fetchone())
    true = _forged(ground, inner, outer, action="attack.tried")
    if not _record(ground, "SELECT 1", *true):
        raise RuntimeError("not even the present is taken with the right seal")
    if _record(ground, "SELECT 1", *true):
        raise Succeeded("one seal served twice")
    for days in (-400, -40, -1, 2):
        instant = (datetime.now(UTC) + timedelta(days=days)).isoformat()
        if _record(ground, "SELECT 1", *_forged(ground, inner, outer, occurred_at=instant)):
            raise Succeeded(f"an act {days} days from now stands in the log")
    return "four days with the right seal, and one seal twice: all refused by the database"


@attack(GROUP, "Submissions, reviews and evidence that stand are changed by the web's role")
def change_what_stands(ground: Ground) -> str:
    return _demand_refused(ground, {
        "submission": "UPDATE recommendations_submission SET narrative = 'x'", "review": "UPDATE recommendations_review SET reason = 'x'",
        "delete review": "DELETE FROM recommendations_review", "hash": "UPDATE evidence_document SET sha256 = repeat('0', 64)", "document": "DELETE FROM evidence_document",
        "person": "DELETE FROM accounts_user", "figure": "DELETE FROM indicators_figure",
    })  # fmt: skip


@attack(GROUP, "A pickle is planted in the table of counters")
def planted_pickle(ground: Ground) -> str:
    mark = Path(ground.site.folder) / "planted"

    class Planted:
        def __reduce__(self) -> tuple[Any, ...]:
            return (mark.touch, ())

    from base64 import b64encode

    held = b64encode(pickle.dumps(Planted())).decode()
    with ground.site.as_the_web() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_name LIKE '%cache%' AND column_name = 'value'"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'UPDATE "{table}" SET "{column}" = %s', [held])
        cursor.connection.commit()
    for _turn in range(3):
        browser = ground.stranger()
        browser.try_sign_in("pegawai.sprm.1@demo.jejak.example", "salah")
        ground.attacker.get("/search/?q=a")
    if mark.exists():
        raise Succeeded("it ran in the web process")
    return "read as text, nothing ran"


@attack(GROUP, "Secrets lie in logs: passwords, one-time links, cookies, tokens, addresses of databases")
def secrets_in_logs(ground: Ground) -> str:
    logs = ground.site.logs()
    pages = "".join(page.text for page in ground.pages("attacker").values())
    address = ground.site.database_url.partition("://")[2].partition("@")[0]
    secrets = {
        "a password": ground.person("pegawai.jtk.1").password,
        "a session": ground.attacker.cookie("sessionid"),
        "a form's token": ground.attacker.cookie("csrftoken"),
        "the password of the database": address.partition(":")[2],
    }
    for number, feed in enumerate(re.findall(r"/calendar/(\d+-[\w-]{20,})\.ics", pages)):
        secrets[f"feed {number}"] = feed
    for what, secret in secrets.items():
        if secret and secret in logs:
            raise Succeeded(f"{what} is in the logs")
    links = re.findall(r"/password/(?:invitation|reset)/[^/\s]+/[^/\s\"*]{12,}", logs)
    if links:
        raise Succeeded("a one-time link is in the logs")
    return f"{len(logs) // 1024} KiB of logs, none of {len(secrets)} secrets"


@attack(GROUP, "An error page tells of the inside")
def error_pages(ground: Ground) -> str:
    for path in (
        "/no-such/",
        "/%00",
        "/evidence/99999999999999999999/",
        "/items/1/?as_at=x",
        "/static/no",
        "/sign-in/?next=%00",
    ):
        for browser in (ground.stranger(), ground.administrator):
            text = browser.get(path).text
            if re.search(
                r"Traceback|psycopg|django\.|/site-packages/|SELECT .* FROM|settings\.py|gunicorn/|DEBUG = True|URLconf",
                text,
            ):
                raise Succeeded(path)
    return "6 addresses, words for people alone"


@attack(
    GROUP,
    "The chain of the log is whole after all attacks: every hash computed again, and the head from before them still in it",
)
def chain(ground: Ground) -> str:
    try:
        said = ground.site.command("verify_audit", "--head", ground.head_before)
    except TrialFailed as fault:
        raise Succeeded(str(fault)[-250:]) from fault
    links = int(re.sub(r"\D", "", said.splitlines()[0]))
    before = int(ground.head_before.partition(":")[0])
    if links <= before:
        raise RuntimeError(f"{links} links now, {before} before: nothing was recorded of the attacks")
    return f"{links} hashes computed again, {links - before} of them since the attacks began, without a fault"
