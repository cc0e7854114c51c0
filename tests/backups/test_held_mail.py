"""Mail that is held back after a restore: nothing leaves, MAPO reads why, administrators release it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import Settings

from accounts.models import AskedMail
from accounts.tasks import send_asked_mail, send_waiting_mails
from audit.models import Event
from backups.notes import BackupNote
from backups.queries import is_mail_held
from backups.services.mail_switch import hold_mail
from backups.services.noting import record_backup, tell_troubles
from backups.states import BackupKind
from reminders import tasks
from reminders.messages.notices import kind_of
from reminders.models import Delivery, Notice
from reminders.services.held_mail import GIVEN_UP
from reminders.services.sending import send
from reminders.states import BACKUP_TROUBLE, MAIL_HELD, DeliveryState
from tests.evidence.pages import signed_in
from tests.recommendations.conftest import Desk
from tests.reminders.mail_server import Running
from tests.reminders.posts import Post, make_post
from tests.vouching import acting

pytestmark = pytest.mark.django_db
HELD = reverse("reminders:held_mail")


@pytest.fixture
def post(desk: Desk, server: Running, settings: Settings) -> Post:
    """One mail that is due; mail is held back."""
    made = make_post(desk, server, settings)
    assert len(made.packed()) == 1
    hold_mail(reason="A restore", now=made.now)
    return made


def test_nothing_leaves_while_held(post: Post, server: Running) -> None:
    assert send(now=post.now).sent == 0
    assert tasks.send() == 0
    assert server.accepted == []
    assert post.mail().state == DeliveryState.WAITING


def test_administrators_are_told_once(post: Post) -> None:
    hold_mail(reason="again", now=post.now)
    [notice] = Notice.objects.filter(what=MAIL_HELD)
    assert (notice.user_id, notice.path) == (post.desk.administrator.pk, HELD)
    with translation.override("en"):
        assert "held back" in kind_of(MAIL_HELD).text({})


def test_release_sends_what_waits(post: Post, server: Running) -> None:
    page = signed_in(post.desk.administrator)
    assert "1 e-mel menunggu untuk dihantar" in page.get(HELD).content.decode()
    answer = page.post(HELD, {"give_up": "no"})
    assert answer.status_code == 302
    assert send(now=post.now).sent == len(server.accepted) == 1


def test_release_gives_up_what_waits(post: Post, server: Running) -> None:
    signed_in(post.desk.administrator).post(HELD, {"give_up": "yes"})
    assert send(now=post.now).sent == 0 and server.accepted == []
    mail = post.mail()
    assert (mail.state, mail.server_words) == (DeliveryState.FAILED, GIVEN_UP)
    [event] = Event.objects.filter(action="mail.released")
    assert (event.actor_id, event.after) == (post.desk.administrator.pk, {"not_sent": 1})


def _asked_mail(post: Post, *, minutes: int) -> AskedMail:
    """Return a mail about signing in that was asked for so long ago, and that the broker never took."""
    asked_at = timezone.now() - timedelta(minutes=minutes)
    with acting():
        return AskedMail.objects.create(
            task="accounts.tasks.send_reset_link",
            facts=[post.desk.officer.pk],
            asked_at=asked_at,
            next_attempt_at=asked_at + timedelta(minutes=1),
        )


def test_mails_about_signing_in_are_given_up_too_and_stay_marked(
    post: Post, server: Running, capsys: pytest.CaptureFixture[str], mailoutbox: list[EmailMessage]
) -> None:
    old, new = _asked_mail(post, minutes=5), _asked_mail(post, minutes=0)
    page = signed_in(post.desk.administrator)
    assert "2 e-mel menunggu untuk dihantar" in page.get(HELD).content.decode()
    call_command("release_mail", give_up=True)
    assert "1 reminders and notices, 1 mails about signing in" in capsys.readouterr().out
    assert Event.objects.get(action="mail.released").after == {"not_sent": 2}
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.given_up_at is None, new.given_up_at is None) == (False, True), "the broker has one in hand"
    send_asked_mail(old.pk)
    send_waiting_mails()
    assert (mailoutbox, server.accepted, AskedMail.objects.count()) == ([], [], 2)


def test_released_with_what_waits_mails_about_signing_in_leave(
    post: Post, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    _asked_mail(post, minutes=5)
    send_waiting_mails()
    assert mailoutbox == []
    call_command("release_mail")
    send_waiting_mails()
    assert ([mail.to for mail in mailoutbox], AskedMail.objects.count()) == ([[post.desk.officer.email]], 0)


def test_every_page_of_mapo_says_so_and_nobody_elses(post: Post) -> None:
    people = {
        "administrator": post.desk.administrator,
        "reviewer": post.desk.reviewer,
        "officer": post.desk.officer,
    }
    bodies = {
        role: signed_in(person).get(reverse("recommendations:items")).content.decode()
        for role, person in people.items()
    }
    said = {role: ("E-mel ditahan" in body, HELD in body) for role, body in bodies.items()}
    assert said == {"administrator": (True, True), "reviewer": (True, False), "officer": (False, False)}


def test_commands_hold_and_release(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("hold_mail", reason="snapshot")
    assert is_mail_held()
    call_command("release_mail")
    assert not is_mail_held()
    with pytest.raises(CommandError):
        call_command("release_mail")
    assert Delivery.objects.count() == 0
    assert "0 reminders and notices" in capsys.readouterr().out


def test_trouble_is_a_notice_for_administrators(desk: Desk, settings: Settings) -> None:
    settings.BACKUP_DATABASE_HOURS, settings.BACKUP_FILES_HOURS = 26, 3
    for kind, code in ((BackupKind.DATABASE, 0), (BackupKind.FILES, 1)):
        note = BackupNote(kind=kind, began_at=desk.now, ended_at=desk.now, exit_code=code)
        record_backup(note, now=desk.now)
    tell_troubles(now=desk.now)
    [notice] = Notice.objects.filter(what=BACKUP_TROUBLE)
    assert notice.user_id == desk.administrator.pk
    with translation.override("en"):
        assert (
            kind_of(BACKUP_TROUBLE).text(notice.about)
            == "Backups need a look: the backup of the files failed"
        )
        assert "1,200 files are in no backup" in kind_of(BACKUP_TROUBLE).text(
            {**notice.about, "not_backed_up": 1200}
        )


def test_trail_says_all_of_it_in_words(post: Post) -> None:
    note = BackupNote(kind=BackupKind.FILES, began_at=post.now, ended_at=post.now, exit_code=1)
    record_backup(note, now=post.now)
    tell_troubles(now=post.now)
    page = signed_in(post.desk.administrator)
    page.post(HELD, {"give_up": "yes"})
    found = Event.objects.filter(action__regex="^(mail|backup)[.]")
    assert {event.action for event in found} >= {"mail.held", "mail.released", "backup.failed"}
    for event in found:
        body = page.get(reverse("audit:event", args=[event.pk])).content.decode()
        assert event.action not in body.replace(f'value="{event.action}"', ""), event.action
