"""A mail that somebody asked for while the broker or the mail server is away arrives when it is back."""

from __future__ import annotations

import re
import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import tasks
from accounts.models import AskedMail
from audit.extensions import outgoing_holders
from reports.tasks import sweep
from tests.conftest import WorkerDatabase
from tests.factories.accounts import World, make_world
from tests.vouching import acting


@pytest.fixture
def world(real_db: WorkerDatabase) -> World:
    """Real commits: the mail is asked for in the transaction of the act."""
    return make_world()


def _refuse(*_facts: object, **_options: object) -> None:
    """The broker is away."""
    raise OperationalError("Connection refused")


def _ask(client: Client, email: str) -> int:
    return client.post(reverse("account_reset_password"), {"email": email}).status_code


def _later(minutes: float) -> None:
    """Let so many minutes pass for all rows."""
    for row in AskedMail.objects.all():
        AskedMail.objects.filter(pk=row.pk).update(
            asked_at=row.asked_at - timedelta(minutes=minutes),
            next_attempt_at=row.next_attempt_at - timedelta(minutes=minutes),
        )


def _link(mail: EmailMultiAlternatives) -> str:
    [link] = re.findall(r"https?://\S+", str(mail.body))[:1]
    return re.sub(r"^https?://[^/]+", "", link)


def test_a_link_asked_for_while_the_broker_is_away_arrives_when_it_is_back(
    world: World, client: Client, mailoutbox: list[EmailMultiAlternatives], monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.people["officer"]
    with monkeypatch.context() as away:
        away.setattr(tasks.send_asked_mail, "delay", _refuse)
        assert _ask(client, person.email) == 302
        assert mailoutbox == []
        [row] = AskedMail.objects.all()
        assert (row.task, row.facts) == ("accounts.tasks.send_reset_link", [person.pk])
    tasks.send_waiting_mails()
    assert mailoutbox == [], "the broker may still have it in hand"
    _later(minutes=1.1)
    tasks.send_waiting_mails()
    [mail] = mailoutbox
    assert mail.to == [person.email]
    assert client.get(_link(mail), follow=True).status_code == 200
    assert not AskedMail.objects.exists()
    tasks.send_waiting_mails()
    assert len(mailoutbox) == 1


def test_nobody_s_address_is_kept_as_long_as_anybody_s(
    world: World, client: Client, mailoutbox: list[EmailMultiAlternatives], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(tasks.send_asked_mail, "delay", _refuse)
        assert _ask(client, "nobody@agency.example") == 302
        assert AskedMail.objects.get().facts == [0]
    _later(minutes=1.1)
    tasks.send_waiting_mails()
    assert (mailoutbox, AskedMail.objects.count()) == ([], 0)


def test_a_mail_server_that_is_away_is_asked_again_with_growing_waits(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    def refuse(*_words: object, **_more: object) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    with monkeypatch.context() as away:
        away.setattr(tasks, "send_mail", refuse)
        assert _ask(client, world.people["officer"].email) == 302
        waits = []
        for _ in range(8):
            row = AskedMail.objects.get()
            waits.append(round((row.next_attempt_at - timezone.now()).total_seconds() / 60))
            _later(minutes=waits[-1] + 0.1)
            tasks.send_waiting_mails()
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    _later(minutes=61)
    tasks.send_waiting_mails()
    assert len(mailoutbox) == 1


def test_a_mail_that_a_clock_which_jumped_put_off_leaves_at_once(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    """It was tried while the clock was an hour ahead; or the clock was set back by an hour afterwards."""
    with monkeypatch.context() as away:
        away.setattr(tasks.send_asked_mail, "delay", _refuse)
        assert _ask(client, world.people["officer"].email) == 302
    tasks.send_waiting_mails()
    assert mailoutbox == []
    _later(minutes=-60)
    tasks.send_waiting_mails()
    assert (len(mailoutbox), AskedMail.objects.count()) == (1, 0)


def test_after_a_day_a_mail_is_given_up(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    with monkeypatch.context() as away:
        away.setattr(tasks.send_asked_mail, "delay", _refuse)
        _ask(client, world.people["officer"].email)
    _later(minutes=24 * 60 + 1)
    tasks.send_waiting_mails()
    assert (mailoutbox, AskedMail.objects.count()) == ([], 0)


def test_a_mail_in_hand_is_not_sent_twice(world: World, mailoutbox: list[EmailMultiAlternatives]) -> None:
    tasks.ask_for_mail(tasks.send_reset_link, world.people["officer"].pk)
    assert len(mailoutbox) == 1
    tasks.send_asked_mail(AskedMail.objects.count() + 1)
    assert len(mailoutbox) == 1


def test_what_is_undone_asks_for_no_mail(world: World, mailoutbox: list[EmailMultiAlternatives]) -> None:
    with transaction.atomic():
        tasks.ask_for_mail(tasks.send_reset_link, world.people["officer"].pk)
        transaction.set_rollback(True)
    assert (mailoutbox, AskedMail.objects.count()) == ([], 0)


def test_after_a_restore_nothing_leaves_by_itself(
    world: World, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    with monkeypatch.context() as away:
        away.setattr(tasks.send_asked_mail, "delay", _refuse)
        tasks.ask_for_mail(tasks.send_reset_link, world.people["officer"].pk)
    _later(minutes=2)
    monkeypatch.setitem(outgoing_holders, "backups", lambda: True)
    tasks.send_waiting_mails()
    assert mailoutbox == []


def test_smuggled_sql_asks_for_no_mail(world: World) -> None:
    now = timezone.now()
    said: dict[str, Any] = {"task": "accounts.tasks.send_address_taken", "facts": [1, "x@y.example"]}
    with pytest.raises(DatabaseError, match="nobody vouched"), transaction.atomic():
        AskedMail.objects.create(asked_at=now, next_attempt_at=now, **said)


def test_a_row_runs_no_other_task(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever owns the tables can write any row."""
    ran: list[int] = []
    monkeypatch.setattr(sweep, "run", lambda *_facts: ran.append(1))
    now = timezone.now()
    with acting():
        row = AskedMail.objects.create(task=sweep.name, facts=[], asked_at=now, next_attempt_at=now)
    tasks.send_asked_mail(row.pk)
    assert (ran, AskedMail.objects.count()) == ([], 0)
