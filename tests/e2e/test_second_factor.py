"""Second factors in a real browser: a passkey, an app on a phone, a lost device, and a thief who knows the password."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from pytest_django import Settings

from audit.models import Event
from tests.e2e.conftest import Desk, is_sound
from tests.factories.accounts import World, make_person, make_world
from tests.factories.passkeys import make_passkey

pytestmark = pytest.mark.e2e
LANGUAGES = pytest.mark.parametrize("language", ["ms", "en"])
SitDown = Callable[..., Desk]
HOME = "/account/second-factor/"


@pytest.fixture
def world(site: str, now: datetime, settings: Settings) -> World:
    settings.SECOND_FACTOR_REQUIRED = frozenset({"administrator", "reviewer"})
    return make_world()


@pytest.fixture
def sit(sit_down: SitDown) -> SitDown:
    """A desk at localhost, where browsers allow passkeys; a script that is refused, or fails, fails the test."""
    problems: list[str] = []

    def make(language: str, *, phone: bool = False) -> Desk:
        desk = sit_down(language, phone=phone)
        desk.site = desk.site.replace("127.0.0.1", "localhost")
        desk.page.on("pageerror", lambda error: problems.append(str(error)))
        desk.page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        return desk

    yield make
    assert problems == []


def give_a_passkey_device(desk: Desk) -> None:
    """Let Chromium behave as if the computer had a fingerprint reader, which recognises the person."""
    session = desk.page.context.new_cdp_session(desk.page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    options |= dict.fromkeys(("hasResidentKey", "hasUserVerification", "isUserVerified"), True)
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def press(desk: Desk, selector: str, until: str) -> None:
    """Press something and wait for the address that comes of it."""
    desk.page.locator(selector).first.click()
    desk.page.wait_for_url(f"{desk.site}{until}")


def arrive(desk: Desk) -> None:
    """Wait for a page behind the sign-in: the first one differs by role."""
    desk.page.wait_for_url(lambda url: "/account/" not in url and "/sign-in/" not in url)
    desk.page.wait_for_load_state()


def sign_out(desk: Desk) -> None:
    desk.open("/sign-out/")
    press(desk, "main button[type=submit]", "/sign-in/")


def code_now(secret: str, *, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret.replace(" ", ""), int(time.time()) // 30 + steps))


def answer(desk: Desk, code: str, until: str = "") -> None:
    """Type a code and send it."""
    desk.page.locator("input[name=code]").fill(code)
    desk.page.locator("input[name=code]").press("Enter")
    if until:
        desk.page.wait_for_url(f"{desk.site}{until}")


@LANGUAGES
def test_an_administrator_signs_in_with_a_passkey(language: str, world: World, sit: SitDown) -> None:
    administrator = world.people["administrator"]
    desk = sit(language)
    give_a_passkey_device(desk)
    desk.sign_in_by_page(administrator.email)
    desk.page.wait_for_url(f"{desk.site}{HOME}")
    is_sound(desk.page)
    press(desk, f"a[href='{HOME}passkey/']", f"{HOME}passkey/")
    is_sound(desk.page)
    desk.page.locator("input[name=name]").fill("Komputer pejabat")
    press(desk, "#make-passkey", f"{HOME}codes/")
    is_sound(desk.page)
    assert desk.page.locator(".recovery-codes li").count() == 10
    desk.page.locator("main form button[type=submit]").click()
    arrive(desk)
    desk.open(HOME)
    is_sound(desk.page)
    assert "Komputer pejabat" in desk.page.locator("main").inner_text()
    sign_out(desk)
    desk.sign_in_by_page(administrator.email)
    desk.page.wait_for_url(f"{desk.site}/sign-in/second-factor/")
    is_sound(desk.page)
    desk.page.locator("#use-passkey").click()
    arrive(desk)
    event = Event.objects.filter(action="session.signed_in").latest("pk")
    assert (event.actor_id, event.after) == (administrator.pk, {"factor": "webauthn"})


@LANGUAGES
def test_a_reviewer_uses_an_app_on_a_phone(language: str, world: World, sit: SitDown) -> None:
    desk = sit(language, phone=True)
    reviewer = world.people["reviewer"]
    desk.sign_in_by_page(reviewer.email)
    desk.page.wait_for_url(f"{desk.site}{HOME}")
    is_sound(desk.page)
    press(desk, f"a[href='{HOME}app/']", f"{HOME}app/")
    is_sound(desk.page)
    assert desk.page.locator(".qr-code svg").bounding_box()
    secret = desk.page.locator("[data-secret]").inner_text()
    answer(desk, code_now(secret), f"{HOME}codes/")
    is_sound(desk.page)
    recovery = desk.page.locator(".recovery-codes li").first.inner_text()
    desk.page.locator("main form button[type=submit]").click()
    arrive(desk)
    sign_out(desk)
    desk.sign_in_by_page(reviewer.email)
    answer(desk, code_now(secret, steps=1))
    arrive(desk)
    sign_out(desk)
    desk.sign_in_by_page(reviewer.email)
    answer(desk, recovery)
    arrive(desk)


@LANGUAGES
def test_a_lost_device_and_two_administrators(
    language: str, world: World, sit: SitDown, settings: Settings
) -> None:
    settings.SECOND_FACTOR_REQUIRED = frozenset({"reviewer"})
    reviewer, first = world.people["reviewer"], world.people["administrator"]
    second = make_person("administrator", world.secretariat, email="dua@kerajaan.example")
    make_passkey(reviewer)
    asking = sit(language).sign_in(first.email).open(f"/people/{reviewer.pk}/")
    is_sound(asking.page)
    press(asking, f"a[href='/people/{reviewer.pk}/lost-device/']", f"/people/{reviewer.pk}/lost-device/")
    is_sound(asking.page)
    asking.page.locator("textarea[name=reason]").fill("Telefon hilang di lapangan")
    press(asking, "main form button[type=submit]", "/people/lost-devices/")
    is_sound(asking.page)
    assert asking.page.locator("form[action$='/grant/']").count() == 0
    granting = sit(language).sign_in(second.email).open("/people/lost-devices/")
    press(granting, "form[action$='/grant/'] button", "/people/lost-devices/")
    granting.page.wait_for_load_state()
    link = re.search(r"/password/reset/\S+", str(mail.outbox[-1].body))
    assert link is not None
    back = sit(language, phone=True).open(link[0])
    for name in ("password", "password_again"):
        back.page.locator(f"input[name={name}]").fill("kata-laluan-baharu-2023")
    press(back, "main form button[type=submit]", HOME)


@LANGUAGES
def test_a_thief_with_the_password_gets_nowhere(language: str, world: World, sit: SitDown) -> None:
    officer = world.people["officer"]
    make_passkey(officer)
    thief = sit(language)
    thief.sign_in_by_page(officer.email)
    for code in ("000000", "123456"):
        answer(thief, code, "/sign-in/second-factor/")
        is_sound(thief.page)
    thief.open("/account/")
    assert "/sign-in/" in thief.page.url
    assert [each.to for each in mail.outbox] == [[officer.email]]
    assert Event.objects.filter(action="factor.refused").count() == 2
