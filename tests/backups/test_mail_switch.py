"""A restored database knows it: mail is held back until somebody releases it."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from audit.errors import NotAllowed, NotNow
from audit.models import Event
from audit.seals import VOUCH, vouching
from backups.extensions import held_listeners
from backups.models import MailSwitch
from backups.queries import is_mail_held
from backups.services.mail_switch import hold_mail, mail_may_leave, release_mail
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db


def restored(now: datetime, *, server: int = 0, timeline: int = 1) -> None:
    """Let the newest decision be one of another life of the database, as a restore brings it back."""
    current = MailSwitch.objects.order_by("id").last()
    assert current is not None
    with connection.cursor() as cursor:
        cursor.execute(VOUCH, vouching("mail.begun"))
    MailSwitch.objects.create(
        is_on=True,
        server=current.server + server,
        timeline=current.timeline + timeline,
        decided_at=now,
    )


def test_new_installation_sends(now: datetime) -> None:
    assert not is_mail_held()
    assert mail_may_leave(now=now) and mail_may_leave(now=now)
    assert MailSwitch.objects.count() == 1
    assert not Event.objects.filter(action__startswith="mail.").exists()


@pytest.mark.parametrize(("server", "timeline"), [(0, 1), (1, 0)])
def test_other_life_of_the_database_holds_mail_and_tells_once(
    now: datetime, server: int, timeline: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[datetime] = []
    monkeypatch.setitem(held_listeners, "test", told.append)
    mail_may_leave(now=now)
    restored(now, server=server, timeline=timeline)
    assert is_mail_held()
    assert not mail_may_leave(now=now) and not mail_may_leave(now=now)
    assert len(told) == Event.objects.filter(action="mail.held").count() == 1
    assert is_mail_held()


def test_life_without_any_decision_is_held_and_noted_once(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup that is older than the first decision brings no row back."""
    monkeypatch.setattr("backups.services.mail_switch.is_mail_held", lambda: True)
    assert not mail_may_leave(now=now) and not mail_may_leave(now=now)
    [row] = MailSwitch.objects.all()
    assert not row.is_on
    assert Event.objects.filter(action="mail.held").count() == 1


def test_administrator_releases(desk: Desk, now: datetime) -> None:
    mail_may_leave(now=now)
    restored(now)
    with pytest.raises(NotAllowed):
        release_mail(actor=desk.reviewer, now=now)
    release_mail(actor=desk.administrator, not_sent=3, now=now)
    assert mail_may_leave(now=now) and not is_mail_held()
    [event] = Event.objects.filter(action="mail.released")
    assert (event.actor_id, event.after) == (desk.administrator.pk, {"not_sent": 3})
    with pytest.raises(NotNow):
        release_mail(actor=desk.administrator, now=now)


def test_operator_holds_and_releases(now: datetime) -> None:
    mail_may_leave(now=now)
    assert hold_mail(reason="the machine was put back to a snapshot", now=now)
    assert not hold_mail(reason="again", now=now)
    assert not mail_may_leave(now=now)
    release_mail(actor=None, now=now)
    assert mail_may_leave(now=now)


def test_statement_alone_releases_nothing(now: datetime) -> None:
    mail_may_leave(now=now)
    hold_mail(reason="", now=now)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        MailSwitch.objects.update(is_on=True)
