"""Attacks on history and secrets: by statements with the web's own role, and by reading what is left lying about."""

from __future__ import annotations

import pickle
import re
from pathlib import Path
from typing import Any

import psycopg2

from attacks.attack import Ground, Succeeded, attack

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


_EVENT = """INSERT INTO audit_event (occurred_at, action, actor_id, actor_name, actor_role, actor_agency_code, object_type, object_id, label,
reason, user_agent, request_id) VALUES ({at}, 'update.accepted', {actor}, 'Penyemak MAPO 1', 'reviewer', 'KDN', 'recommendations.Update', '1', '', '', '', '')"""


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


@attack(GROUP, "An act is written into the log in the name of a reviewer who did nothing")
def forged_actor(ground: Ground) -> str:
    with ground.site.as_the_web() as cursor:
        cursor.execute("SELECT id FROM accounts_user WHERE role = 'reviewer' LIMIT 1")
        reviewer = cursor.fetchone()[0]
    return _demand_refused(ground, {"forged actor": _EVENT.format(at="jejak_now()", actor=reviewer)})


@attack(GROUP, "An act is written into the log with a day of the past or of the future")
def forged_instant(ground: Ground) -> str:
    return _demand_refused(ground, {
        "past": _EVENT.format(at="jejak_now() - interval '40 days'", actor="NULL"), "future": _EVENT.format(at="jejak_now() + interval '2 days'", actor="NULL"),
    })  # fmt: skip


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
                r"Traceback|psycopg|django\.|/site-packages/|SELECT .* FROM|settings\.py|gunicorn/", text
            ):
                raise Succeeded(path)
    return "6 addresses, words for people alone"


@attack(GROUP, "The chain of the log is whole after all attacks")
def chain(ground: Ground) -> str:
    with ground.site.as_the_web() as cursor:
        cursor.execute("SELECT count(*), max(position) FROM audit_link")
        links, last = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM audit_event e LEFT JOIN audit_link l ON l.event_id = e.id WHERE l.event_id IS NULL"
        )
        loose = cursor.fetchone()[0]
    if links != last or loose:
        raise Succeeded(f"{links} links, the last is {last}, {loose} events without one")
    return f"{links} links without a gap"
