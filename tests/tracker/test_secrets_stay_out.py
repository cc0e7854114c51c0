"""No secret, one-time link or calendar link stands in any log, event, session, row, error page or message of the broker."""

from __future__ import annotations

import json
import logging
import logging.config
import re
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any
from urllib.parse import quote

import pytest
import structlog
from celery import current_app
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts import tasks
from accounts.models import AskedMail, User
from accounts.tokens import INVITATION, RESET, link_url
from audit.models import Event
from reminders.queries.feed.links import own_link
from tests.factories.accounts import UserFactory, World, make_world
from tests.shared import shared
from tracker.logs import logging_settings
from tracker.postgres import QUIET

pytestmark = pytest.mark.django_db
WRONG, RIGHT, FRESH = "Kanari-salah-71", "Kanari-lama-sekali-72!", "Kanari-baharu-sekali-73!"


@shared
def world() -> World:
    return make_world()


@pytest.fixture
def printed() -> Iterator[StringIO]:
    """What the handlers of an installation print from now on, at the most talkative level."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configuration, stream = logging_settings("DEBUG"), StringIO()
    configuration["handlers"]["out"]["stream"] = stream
    logging.config.dictConfig(configuration)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def secret_of(link: str) -> str:
    """The part of a link that nobody else may know."""
    return link.rstrip("/").rsplit("/", 1)[-1].removesuffix(".ics")


def rows_of_all_tables() -> str:
    """Everything that the web's role can read in the database."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table != "django_migrations":
                try:
                    with transaction.atomic():
                        cursor.execute(f'SELECT row_to_json(each)::text FROM "{table}" each')
                        texts += [text for (text,) in cursor.fetchall()]
                except DatabaseError:
                    continue  # Not for the web's role.
    return "\n".join(texts)


def assert_nowhere(secrets: list[str], texts: dict[str, str]) -> None:
    for place, text in texts.items():
        for secret in secrets:
            assert secret and secret not in text, place
            assert quote(secret, safe="") not in text, place


def test_nothing_of_a_sign_in_stays(
    world: World, client: Client, printed: StringIO, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    person = world.people["officer"]
    person.set_password(RIGHT)
    person.save()
    newcomer = UserFactory(agency=person.agency, joined_at=None)
    client.raise_request_exception = False
    sign_in = reverse("account_login")
    with django_capture_on_commit_callbacks(execute=True):
        for password in (WRONG, RIGHT):
            client.post(sign_in, {"login": person.email, "password": password})
        keys = [client.session.session_key]
        client.logout()
        client.post(reverse("account_reset_password"), {"email": person.email})
    invitation, reset = link_url(newcomer, purpose=INVITATION), link_url(person, purpose=RESET)
    tasks.send_invitation(newcomer.pk)
    tasks.send_reset_link(person.pk)
    mailed = re.findall(r"https?://\S+/password/\S+", "\n".join(str(each.body) for each in mail.outbox))
    pages = []
    for link in (invitation, reset, *mailed):
        path = link[link.index("/password/") :]
        for address in (path, path.upper(), f"/there-is-no/?next={quote(path, safe='')}", f"{path}x"):
            pages.append(client.get(address, headers={"referer": link, "user-agent": link}).content.decode())
        client.post(f"{path[:-2]}/", {"password": WRONG, "password_again": WRONG})
    client.post(reset[reset.index("/password/") :], {"password": FRESH, "password_again": FRESH}, follow=True)
    keys.append(client.session.session_key)
    client.get("/health/")
    secrets = [secret_of(link) for link in (invitation, reset, *mailed)]
    assert len(secrets) >= 4
    places = {"log": printed.getvalue(), "database": rows_of_all_tables()}
    assert "request_finished" in places["log"]
    assert_nowhere([*secrets, WRONG, RIGHT, FRESH], places)
    assert_nowhere([key for key in keys if key], {"log": places["log"]})
    assert_nowhere([WRONG, RIGHT, FRESH], {"pages": "".join(pages)})


def test_nothing_of_a_calendar_stays(world: World, client: Client, printed: StringIO) -> None:
    person = world.people["officer"]
    link = own_link(person).url
    path = link[link.index("/calendar/") :]
    secret = secret_of(link).split("-", 1)[1]
    for address in (
        path,
        path.upper(),
        f"{path}x",
        f"/x/?next={quote(path, safe='')}",
        f"/x/?a={quote(quote(path, safe=''))}",
    ):
        client.get(address, headers={"referer": link, "user-agent": f"Kalendar {link}"})
    structlog.get_logger("jejak").info("feed", nested={"links": [link, (link,)]})
    logging.getLogger("x").error("feed %s", {"link": link})
    assert_nowhere([secret], {"log": printed.getvalue(), "database": rows_of_all_tables()})


def test_error_page_shows_nothing_of_the_request_or_of_the_code(
    world: World, client: Client, printed: StringIO, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.DEBUG = False

    def fails(*_args: Any, **_more: Any) -> None:
        canary = f"Kanari-{'dalam'}-kod-74"
        raise ValueError("gagal" + canary[:0])

    monkeypatch.setattr("recommendations.views.my_work.render", fails)
    client.raise_request_exception = False
    client.force_login(world.people["officer"])
    key = client.session.session_key
    answer = client.get(reverse("recommendations:my_work"), {"q": "Kanari-alamat-75"}, headers={"x-k": WRONG})
    assert answer.status_code == 500
    page, log = answer.content.decode(), printed.getvalue()
    assert "ValueError" in log and "gagal" in log
    assert_nowhere(["Kanari-dalam-kod-74", WRONG, str(key)], {"page": page, "log": log})
    assert_nowhere(["Kanari-alamat-75", "Traceback", "ValueError", "SECRET_KEY"], {"page": page})


def test_refused_row_is_not_logged(world: World, printed: StringIO) -> None:
    """PostgreSQL answers with the whole row: hash, texts, keys."""
    person = world.people["officer"]
    person.set_password(RIGHT)
    person.save()
    for change in ({"role": "Kanari-peranan"}, {"clearance": 9}):
        try:
            with transaction.atomic():
                User.objects.filter(pk=person.pk).update(**change)
        except DatabaseError:
            logging.getLogger("django.request").exception("failed")
            structlog.get_logger("jejak").exception("failed")
    log = printed.getvalue()
    assert "IntegrityError" in log or "DataError" in log
    assert "violates check constraint" in log and "DETAIL: …" in log
    assert_nowhere([person.password[:40], person.email], {"log": log})


def test_messages_of_the_broker_name_the_person_alone(
    world: World,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    """So do the rows that wait; the worker makes each link."""
    asked: list[tuple[Any, ...]] = []
    monkeypatch.setattr(
        tasks.send_asked_mail, "delay", lambda *args: asked.append((tasks.send_asked_mail.name, *args))
    )
    person = world.people["officer"]
    newcomer = UserFactory(agency=person.agency, joined_at=None)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("account_reset_password"), {"email": person.email})
        client.force_login(world.people["administrator"])
        client.post(reverse("accounts:reissue_link", args=[newcomer.pk]), {"delivery": "mail"})
    rows = AskedMail.objects.order_by("pk")
    assert [args[1:] for args in asked] == [(row.pk,) for row in rows]
    assert [row.facts for row in rows] == [[person.pk], [newcomer.pk]]
    waiting = repr(list(rows.values()))
    messages = repr([current_app.amqp.as_task_v2("1", name, args, {}) for name, *args in asked])
    secrets = [secret_of(link_url(newcomer, purpose=INVITATION)), secret_of(link_url(person, purpose=RESET))]
    assert_nowhere([*secrets, person.email, newcomer.email], {"broker": messages, "database": waiting})


def test_failing_task_logs_no_link(world: World, printed: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    links: list[str] = []

    def refused(_subject: str, message: str, **_more: Any) -> None:
        links.extend(re.findall(r"https?://\S+/password/\S+", message))
        raise OSError(f"550 refused: {message}")

    monkeypatch.setattr(tasks, "send_mail", refused)
    person = world.people["officer"]
    for task in (tasks.send_invitation, tasks.send_reset_link):
        result = task.apply(args=[person.pk], throw=False)
        if result.failed():
            logging.getLogger("celery.app.trace").error("Task failed: %s", result.traceback)
    assert links
    assert_nowhere([secret_of(link) for link in links], {"log": printed.getvalue()})


def test_events_hold_no_address_of_a_secret(world: World, client: Client) -> None:
    person = world.people["officer"]
    link = link_url(person, purpose=RESET)
    client.force_login(world.people["coordinator"])
    client.get(link[link.index("/password/") :], headers={"user-agent": link, "referer": link})
    client.get(reverse("audit:trail"), headers={"user-agent": link})
    texts = "\n".join(json.dumps(each, default=str) for each in Event.objects.values())
    assert_nowhere([secret_of(link)], {"events": texts})


def test_embedded_database_logs_no_statement_and_no_row() -> None:
    assert "log_min_error_statement=panic" in QUIET and "log_error_verbosity=terse" in QUIET
