"""The owner of an account hears of changes of how it is signed in to."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.attempts import FREE_FAILURES
from accounts.models import User
from accounts.services.sessions import delete_sessions
from accounts.sign_in_mails import SignInChange, SignInNotice, sign_in_mail
from accounts.tasks import notify_sign_in_change, tell_of_failures
from accounts.tokens import INVITATION, RESET, link_path
from tests.accounts.conftest import sign_in
from tests.accounts.events import events
from tests.factories.accounts import PASSWORD, World

NEW = "kata-laluan-baharu-2023"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def letters(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> DjangoCaptureOnCommitCallbacks:
    """Run what waits for the commit, so that mails leave."""
    return django_capture_on_commit_callbacks


def subjects() -> list[str]:
    return [letter.subject for letter in mail.outbox]


def test_new_device_is_told_once(officer: User, letters: DjangoCaptureOnCommitCallbacks) -> None:
    client = Client(headers={"user-agent": FIREFOX})
    for _ in range(2):
        with letters(execute=True):
            sign_in(client, officer)
            client.post("/sign-out/")
    [letter] = mail.outbox
    assert letter.to == [officer.email]
    assert letter.subject == "Anda log masuk dari peranti baharu"
    for part in ("Firefox · Windows", "127.0.0.1", "September"):
        assert part in letter.body


def test_password_change_is_told(
    client: Client, officer: User, letters: DjangoCaptureOnCommitCallbacks
) -> None:
    sign_in(client, officer)
    with letters(execute=True):
        form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        client.post(reverse("account_change_password"), form)
    assert subjects() == ["Kata laluan anda telah ditukar"]


@pytest.mark.parametrize(
    ("purpose", "told"), [(RESET, ["Kata laluan anda telah ditetapkan melalui pautan"]), (INVITATION, [])]
)
def test_password_by_a_link(
    client: Client, world: World, purpose: str, told: list[str], letters: DjangoCaptureOnCommitCallbacks
) -> None:
    """One mail for a reset, which also names the browser; none to who just joined."""
    person = world.people["officer"] if purpose == RESET else world.invited
    with letters(execute=True):
        client.post(link_path(person, purpose=purpose), {"password": NEW, "password_again": NEW})
    assert client.get("/account/").status_code in (200, 302)
    assert subjects() == told
    assert UserSession.objects.filter(user=person).count() == 1


def test_failures_are_told_once_a_day(officer: User, letters: DjangoCaptureOnCommitCallbacks) -> None:
    for address in ("10.0.0.1", "10.0.0.2"):
        for _ in range(FREE_FAILURES + 2):
            with letters(execute=True):
                Client().post("/sign-in/", {"login": officer.email, "password": "salah"}, REMOTE_ADDR=address)
    [letter] = mail.outbox
    assert letter.subject == "Seseorang gagal log masuk dengan alamat anda"
    assert "10.0.0.1" in letter.body


def test_failures_below_the_first_wait_are_nobodys_business(
    officer: User, letters: DjangoCaptureOnCommitCallbacks
) -> None:
    for _ in range(FREE_FAILURES):
        with letters(execute=True):
            Client().post("/sign-in/", {"login": officer.email, "password": "salah"})
    assert mail.outbox == []


def test_nobody_and_who_left_hear_nothing(officer: User, now: datetime) -> None:
    tell_of_failures(0, now.isoformat(), "", "")
    User.objects.filter(pk=officer.pk).update(is_active=False)
    tell_of_failures(officer.pk, now.isoformat(), "", "")
    assert mail.outbox == []


def test_every_kind_says_what_when_where_and_what_next(officer: User, now: datetime) -> None:
    for language in ("ms", "en"):
        for kind in list(SignInChange):
            officer.language = language
            notice = SignInNotice(kind, now, "10.0.0.1", FIREFOX, "Telefon <kerja>\r\nBcc: x@y.example")
            letter = sign_in_mail(officer, notice)
            [(html, _type)] = letter.alternatives
            assert isinstance(letter, EmailMultiAlternatives), language
            for part in (letter.subject, "10.0.0.1", "Firefox · Windows", officer.name):
                assert part in letter.body and part in html, language
            assert "Telefon &lt;kerja&gt;" in html and "\r" not in letter.subject, language
            is_request = kind.value.startswith("rights_") and kind != SignInChange.RIGHTS_RAISED
            page = "people/rights/" if is_request else "account/sessions/"
            assert set(re.findall(r"https?://[^\s\"<]+", letter.body)) == {f"http://localhost:8000/{page}"}
            words = ("Jika", "MAPO") if language == "ms" else ("If ", "MAPO")
            assert all(word in letter.body for word in words), language


#: Of who has a password and who signs in at the provider alone, each word must be true.
FOR_EVERYBODY = [
    (
        SignInChange.NEW_DEVICE,
        "en",
        "Somebody signed in as you in a browser in which you had not signed in before, or not for long.",
        "If it was not you, end that session, remove that device, and tell the MAPO secretariat at once. "
        "If you have a password, change it.",
    ),
    (
        SignInChange.NEW_DEVICE,
        "ms",
        "Seseorang telah log masuk sebagai anda dalam pelayar yang belum pernah anda gunakan untuk log masuk, "
        "atau yang sudah lama tidak anda gunakan.",
        "Jika itu bukan anda, tamatkan sesi itu, buang peranti itu, dan maklumkan kepada Sekretariat MAPO "
        "dengan segera. Jika anda mempunyai kata laluan, tukar kata laluan itu.",
    ),
    (
        SignInChange.PROVIDER_CONNECTED,
        "en",
        "A person who signs in with that account at the provider is let in as you.",
        "If it was not you, tell the MAPO secretariat at once, so that it disconnects the account. "
        "If you have a password, change it.",
    ),
    (
        SignInChange.PROVIDER_CONNECTED,
        "ms",
        "Sesiapa yang log masuk dengan akaun penyedia itu dibenarkan masuk sebagai anda.",
        "Jika itu bukan anda, maklumkan kepada Sekretariat MAPO dengan segera supaya sambungan akaun itu dapat "
        "diputuskan. Jika anda mempunyai kata laluan, tukar kata laluan itu.",
    ),
]


def test_who_has_no_password_is_told_nothing_false(officer: User, now: datetime) -> None:
    for kind, language, happened, otherwise in FOR_EVERYBODY:
        officer.language = language
        body = str(sign_in_mail(officer, SignInNotice(kind, now, "10.0.0.1", FIREFOX)).body)
        assert happened in body and otherwise in body, kind


def test_service_tells_after_the_commit(
    officer: User, now: datetime, letters: DjangoCaptureOnCommitCallbacks
) -> None:
    with letters(execute=True):
        notify_sign_in_change(officer, SignInChange.PASSKEY_ADDED, now=now, detail="YubiKey")
        assert mail.outbox == []
    assert "YubiKey" in mail.outbox[0].body


def test_other_sessions_end(client: Client, officer: User, now: datetime) -> None:
    others = [Client(), Client()]
    for browser in (client, *others):
        sign_in(browser, officer)
    assert delete_sessions(officer, but=client.session.session_key, actor=officer, now=now) == 2
    assert client.get("/account/").status_code == 200
    assert all(other.get("/account/").status_code == 302 for other in others)
    assert [event.after for event in events("session.ended_everywhere")] == [{"sessions": 2}]
