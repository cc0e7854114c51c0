"""Second factors without a browser: adding an app, signing in with its codes and with recovery codes, what is refused."""

from __future__ import annotations

import json
import re
import secrets
from datetime import datetime
from typing import Any

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import auth as recovery_codes
from allauth.mfa.totp.internal import auth as seeds
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.fernet import InvalidToken
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.attempts import begin_attempt, factor_account
from accounts.factor_secrets import decrypt, encrypt
from accounts.factor_sign_in import check_answer
from accounts.factors import factors_of
from accounts.models import User
from accounts.services.factors import make_codes, remove_factor, use_code
from audit.errors import NotNow
from audit.models import Event
from tests.accounts.conftest import APP_TIME, is_signed_in, sign_in
from tests.factories.accounts import PASSWORD
from tests.factories.passkeys import make_passkey
from tests.factories.soft_passkey import SoftPasskey
from tests.recent_proof import age_proof

HOME = "/account/second-factor/"
SECOND = "/sign-in/second-factor/"


def code_of(secret: str, *, steps: int = 0) -> str:
    """The code that an app shows now (`conftest.APP_TIME`), or some half minutes later."""
    return format_hotp_value(hotp_value(secret, int(APP_TIME) // 30 + steps))


def enrol(client: Client, person: User) -> str:
    """Sign in, add an authenticator app by its pages, keep the codes; return the app's secret."""
    sign_in(client, person)
    page = client.get(f"{HOME}app/").content.decode()
    found = re.search(r"data-secret>([A-Z2-7 ]+)<", page)
    assert found is not None
    secret = found[1].replace(" ", "")
    assert client.post(f"{HOME}app/", {"code": code_of(secret, steps=-1)}).url == f"{HOME}codes/"
    return secret


def codes_of(person: User) -> list[str]:
    codes: list[str] = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()
    return codes


def actions() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("action", flat=True))


def test_add_an_app_and_sign_in_with_its_code(client: Client, officer: User) -> None:
    secret = enrol(client, officer)
    assert "factor.added" in actions()
    client.post(f"{HOME}codes/")
    assert client.get(f"{HOME}codes/").status_code == 404
    again = Client()
    sign_in(again, officer)
    assert not is_signed_in(again)
    assert again.get(SECOND).status_code == 200
    assert again.post(SECOND, {"code": code_of(secret)}).status_code == 302
    assert is_signed_in(again)
    signed_in = Event.objects.filter(action="session.signed_in").latest("pk")
    assert signed_in.after == {"factor": "totp"}


def test_a_code_works_once(client: Client, officer: User) -> None:
    secret = enrol(client, officer)
    first, second = Client(), Client()
    for each in (first, second):
        sign_in(each, officer)
    code = code_of(secret)
    assert first.post(SECOND, {"code": code}).status_code == 302
    assert second.post(SECOND, {"code": code}).status_code == 200
    assert not is_signed_in(second)
    # Nor does an older one than the newest that was used, which a wrong clock would still allow.
    assert second.post(SECOND, {"code": code_of(secret, steps=-1)}).status_code == 200


def test_the_code_that_added_the_app_is_used_up(client: Client, officer: User) -> None:
    secret = enrol(client, officer)
    assert use_code(officer, code_of(secret, steps=-1)) is None


def test_a_recovery_code_works_once(client: Client, officer: User) -> None:
    enrol(client, officer)
    code = codes_of(officer)[3]
    for expected in (True, False):
        again = Client()
        sign_in(again, officer)
        again.post(SECOND, {"code": f" {code[:4]} {code[4:]} "})
        assert is_signed_in(again) is expected
    assert len(codes_of(officer)) == 9


def test_guessing_is_limited_recorded_and_told(
    client: Client, officer: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    secret = enrol(client, officer)
    thief = Client()
    sign_in(thief, officer)
    with django_capture_on_commit_callbacks(execute=True):
        for _number in range(5):
            assert thief.post(SECOND, {"code": "000000"}).status_code == 200
    assert actions().count("factor.refused") == 5
    told = [each for each in mail.outbox if each.to == [officer.email]]
    assert len(told) == 1
    page = thief.post(SECOND, {"code": code_of(secret)})
    assert page.status_code == 200
    assert not is_signed_in(thief)
    assert actions()[-1] == "factor.locked_out"
    assert Event.objects.latest("pk").actor_id is None


def _guess_codes(person: User, times: int, *, network: str) -> Client:
    """A thief who knows the password gives wrong codes, each from another address of a network; the last browser."""
    for number in range(1, times):
        begin_attempt(factor_account(person), address=f"{network}.{number}", device=None)
    thief = Client(REMOTE_ADDR=f"{network}.{times}")
    sign_in(thief, person)
    thief.post(SECOND, {"code": "000000"})
    return thief


def test_a_thief_with_the_password_does_not_lock_the_owner_out(client: Client, officer: User) -> None:
    """In a browser that the owner has used, and with a passkey, nothing of what others try counts."""
    secret = enrol(client, officer)
    client.post("/sign-out/")
    _guess_codes(officer, 25, network="10.9.9")
    sign_in(client, officer)
    assert client.post(SECOND, {"code": code_of(secret)}).status_code == 302
    assert is_signed_in(client)


def test_a_refused_code_says_how_long_to_wait(client: Client, officer: User) -> None:
    secret = enrol(client, officer)
    thief = Client(REMOTE_ADDR="10.9.8.1")
    sign_in(thief, officer)
    for _number in range(5):
        thief.post(SECOND, {"code": "000000"})
    page = thief.post(SECOND, {"code": code_of(secret)})
    assert "Tunggu 1 minit" in page.content.decode()
    last = _guess_codes(officer, 20, network="10.9.7")
    assert "Tunggu 24 jam" in last.post(SECOND, {"code": code_of(secret)}).content.decode()


def test_a_passkey_is_taken_however_many_codes_were_wrong(client: Client, officer: User) -> None:
    enrol(client, officer)
    key = make_passkey(officer)
    thief = _guess_codes(officer, 25, network="10.9.6")
    page = thief.get(SECOND)
    assert page.status_code == 200 and key is not None
    with pytest.raises(ValidationError, match=r"padan|match"):
        _answer(officer, "webauthn", right=False)
    assert _answer(officer, "webauthn", right=True)


def _answer(person: User, kind: str, *, right: bool) -> bool:
    """Check an answer as the form of that kind does, from a browser that nobody knows."""
    request = RequestFactory().post(SECOND)
    request.user = AnonymousUser()
    with context.request_context(request):
        return bool(check_answer(person, kind, lambda: right))


def test_the_password_alone_opens_nothing(client: Client, officer: User) -> None:
    enrol(client, officer)
    thief = Client()
    sign_in(thief, officer)
    for path in ("/", "/account/", HOME, f"{HOME}codes/", "/password/change/"):
        assert "/sign-in/" in thief.get(path).url
    assert thief.post("/sign-in/again/").url == "/sign-in/"
    assert thief.get("/sign-in/").status_code == 200


def test_a_new_password_by_mail_asks_for_the_factor_too(client: Client, officer: User) -> None:
    from accounts.tokens import RESET, link_url

    enrol(client, officer)
    officer.refresh_from_db()
    link = link_url(officer, purpose=RESET)
    thief = Client()
    answer = thief.post(
        link[link.index("/password/") :],
        {"password": f"{PASSWORD}-baharu", "password_again": f"{PASSWORD}-baharu"},
    )
    assert answer.url == SECOND
    assert not is_signed_in(thief)


def test_secrets_are_stored_encrypted(client: Client, officer: User) -> None:
    secret = enrol(client, officer)
    stored = str(list(Authenticator.objects.filter(user=officer).values_list("data", flat=True)))
    assert secret not in stored
    assert not any(code in stored for code in codes_of(officer))


def test_a_pending_secret_is_encrypted_in_the_session(client: Client, officer: User) -> None:
    sign_in(client, officer)
    page = client.get(f"{HOME}app/").content.decode()
    found = re.search(r"data-secret>([A-Z2-7 ]+)<", page)
    assert found is not None
    assert found[1].replace(" ", "") not in str(dict(client.session))


def test_a_changed_key_reads_what_the_earlier_one_wrote(settings: Settings) -> None:
    written, before = encrypt("JBSWY3DP"), settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-of-this-installation-that-is-long-enough-0123456789"
    settings.SECRET_KEY_FALLBACKS = [before]
    assert decrypt(written) == "JBSWY3DP"


def test_a_secret_that_was_changed_in_the_database_is_noticed() -> None:
    written = encrypt("JBSWY3DP")
    middle = len(written) // 2
    changed = written[:middle] + ("A" if written[middle] != "A" else "B") + written[middle + 1 :]
    with pytest.raises(InvalidToken):
        decrypt(changed)


def test_an_unreadable_secret_lets_nobody_in(client: Client, officer: User, settings: Settings) -> None:
    secret = enrol(client, officer)
    settings.SECRET_KEY = "another-key-of-this-installation-that-is-long-enough-0123456789"
    assert use_code(officer, code_of(secret)) is None
    codes = factors_of(officer).codes
    assert codes is not None
    assert codes.left == 0


def test_other_sessions_end_when_a_factor_is_added(client: Client, officer: User) -> None:
    other = Client()
    sign_in(other, officer)
    enrol(client, officer)
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_the_last_factor_of_a_role_that_must_have_one_stays(
    client: Client, officer: User, settings: Settings, now: datetime
) -> None:
    enrol(client, officer)
    factor = Authenticator.objects.get(user=officer, type="totp")
    settings.SECOND_FACTOR_REQUIRED = frozenset({"officer"})
    with pytest.raises(NotNow):
        remove_factor(factor_id=factor.pk, actor=officer, now=now)
    settings.SECOND_FACTOR_REQUIRED = frozenset()
    remove_factor(factor_id=factor.pk, actor=officer, now=now)
    assert not Authenticator.objects.filter(user=officer).exists()


def test_pages_of_another_person_do_not_exist(client: Client, officer: User, world: Any) -> None:
    enrol(client, officer)
    factor = Authenticator.objects.get(user=officer, type="totp")
    stranger = Client()
    sign_in(stranger, world.people["administrator"])
    for page in ("remove", "name"):
        assert stranger.get(f"{HOME}{factor.pk}/{page}/").status_code == 404
        assert stranger.post(f"{HOME}{factor.pk}/{page}/", {"name": "x"}).status_code == 404
    assert Authenticator.objects.filter(pk=factor.pk).exists()


def test_what_keeps_a_factor_asks_for_the_password_again(client: Client, officer: User) -> None:
    client.force_login(officer)
    age_proof(client)
    for page in ("app/", "passkey/", "codes/"):
        answer = client.get(HOME + page)
        assert answer.url.startswith("/account/again/password/")
    answer = client.post("/account/again/password/", {"password": PASSWORD, "next": f"{HOME}app/"})
    assert answer.url == f"{HOME}app/"
    assert client.get(f"{HOME}app/").status_code == 200
    assert client.post("/account/again/password/", {"password": "salah"}).status_code == 200


def test_new_codes_replace_the_earlier_ones(client: Client, officer: User, now: datetime) -> None:
    enrol(client, officer)
    earlier = codes_of(officer)
    make_codes(actor=officer, now=now)
    assert not set(earlier) & set(codes_of(officer))
    assert use_code(officer, earlier[0]) is None


def test_a_malformed_answer_of_a_passkey(client: Client, officer: User) -> None:
    enrol(client, officer)
    for answer in ("", "{}", "[]", "null", "1", '{"id": 1}', '{"response": {}}', "{" * 500):
        assert client.post(f"{HOME}passkey/", {"name": "x", "credential": answer}).status_code == 200, answer
        again = Client()
        sign_in(again, officer)
        assert again.post(SECOND, {"credential": answer}).status_code == 200, answer
        assert not is_signed_in(again), answer


def challenge_of(page: str) -> str:
    """The challenge that a page hands to the browser."""
    found = re.search(r'"challenge": "([\w-]+)"', page)
    assert found is not None
    return found[1]


def add_passkey(client: Client, person: User) -> SoftPasskey:
    sign_in(client, person)
    key = SoftPasskey()
    made = key.make(challenge_of(client.get(f"{HOME}passkey/").content.decode()))
    answer = client.post(f"{HOME}passkey/", {"name": "Komputer pejabat", "credential": json.dumps(made)})
    assert answer.url == f"{HOME}codes/"
    return key


def test_add_a_passkey_and_sign_in_with_it(client: Client, officer: User) -> None:
    key = add_passkey(client, officer)
    assert "Komputer pejabat" in client.get(HOME).content.decode()
    again = Client()
    sign_in(again, officer)
    used = json.dumps(key.use(challenge_of(again.get(SECOND).content.decode())))
    assert again.post(SECOND, {"credential": used}).status_code == 302
    assert is_signed_in(again)
    assert Event.objects.filter(action="session.signed_in").latest("pk").after == {"factor": "webauthn"}


def test_a_false_site_and_another_passkey_let_nobody_in(client: Client, officer: User) -> None:
    key = add_passkey(client, officer)
    key.origin = "https://testserver.example"
    again = Client()
    sign_in(again, officer)
    used = json.dumps(key.use(challenge_of(again.get(SECOND).content.decode())))
    assert again.post(SECOND, {"credential": used}).status_code == 200
    assert not is_signed_in(again)
    assert actions()[-1] == "factor.refused"
    again = Client()
    sign_in(again, officer)
    used = json.dumps(SoftPasskey().use(challenge_of(again.get(SECOND).content.decode())))
    assert again.post(SECOND, {"credential": used}).status_code == 200
    assert not is_signed_in(again)


def test_an_old_answer_of_a_passkey_is_refused(client: Client, officer: User) -> None:
    key = add_passkey(client, officer)
    first, second = Client(), Client()
    sign_in(first, officer)
    used = json.dumps(key.use(challenge_of(first.get(SECOND).content.decode())))
    first.post(SECOND, {"credential": used})
    sign_in(second, officer)
    second.get(SECOND)
    assert second.post(SECOND, {"credential": used}).status_code == 200
    assert not is_signed_in(second)


def test_rename_a_passkey(client: Client, officer: User) -> None:
    client.force_login(officer)
    key = make_passkey(officer)
    assert client.post(f"{HOME}{key.pk}/name/", {"name": " Telefon  saya "}).url == HOME
    assert Authenticator.objects.get(pk=key.pk).wrap().name == "Telefon saya"
    assert client.post(f"{HOME}{key.pk}/name/", {"name": "x" * 61}).status_code == 200


def test_seeds_and_recovery_codes_come_from_a_secure_generator(monkeypatch: pytest.MonkeyPatch) -> None:
    """ASVS 5.0, 6.5.3: both ask the system's generator, for 160 and for 320 bits."""
    asked: list[int] = []

    class Generator:
        def token_bytes(self, count: int) -> bytes:
            asked.append(count * 8)
            return secrets.token_bytes(count)

        def token_hex(self, count: int) -> str:
            return self.token_bytes(count).hex()

    for module in (seeds, recovery_codes):
        monkeypatch.setattr(module, "secrets", Generator())
    assert seeds.generate_totp_secret() != seeds.generate_totp_secret()
    assert recovery_codes.RecoveryCodes.generate_seed() != recovery_codes.RecoveryCodes.generate_seed()
    assert asked == [160, 160, 320, 320]
