"""How people come in, as one story in both languages: second factors, a lost phone, a thief, and the provider."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.utils.translation import override
from pytest_django import Settings

from accounts.models import ProviderAccount, User
from accounts.sign_in_mails import SignInChange
from accounts.tokens import INVITATION, link_path
from audit.models import Event
from tests.e2e.conftest import Desk, is_sound
from tests.e2e.real_provider import RealProvider
from tests.e2e.signing_in import (
    FACTORS,
    Phone,
    answer,
    arrive,
    enrol_app,
    enrol_passkey,
    is_at,
    is_inside,
    press,
    press_provider,
    sign_in_there,
    sign_out,
)
from tests.factories.accounts import World, make_person, make_world

pytestmark = pytest.mark.e2e
SitDown = Callable[..., Desk]
SECOND_STEP = "/sign-in/second-factor/"
NEW_PASSWORD = "kata-laluan-baharu-2023"


@pytest.fixture
def world(site: str, now: datetime, settings: Settings, language: str) -> World:
    settings.SECOND_FACTOR_REQUIRED = frozenset({"administrator", "reviewer"})
    made = make_world()
    make_person("administrator", made.secretariat, email="dua@kerajaan.example")
    User.objects.update(language=language)
    return made


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    made = Phone()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", made.time)
    return made


@pytest.fixture
def sit(sit_down: SitDown) -> Iterator[SitDown]:
    """A desk at localhost, where browsers allow passkeys; a script that is refused, or fails, fails the test."""
    problems: list[str] = []

    def make(language: str, *, narrow: bool = False) -> Desk:
        desk = sit_down(language)
        desk.site = desk.site.replace("127.0.0.1", "localhost")
        if narrow:
            desk.page.set_viewport_size({"width": 360, "height": 780})
        desk.page.on("pageerror", lambda error: problems.append(str(error)))
        desk.page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        return desk

    yield make
    assert problems == []


@pytest.mark.parametrize("language", ["ms", "en"])
def test_everybody_comes_in_but_the_thief(
    language: str, world: World, phone: Phone, sit: SitDown, sit_down: SitDown, provider: RealProvider
) -> None:
    administrator, reviewer = world.people["administrator"], world.people["reviewer"]
    desk = sit(language)
    enrol_passkey(desk, administrator.email, "Komputer pejabat")
    comes_back_by_passkey(desk, administrator)
    mobile = sit(language, narrow=True)
    comes_in_by_phone(mobile, reviewer, phone)
    is_caught(sit(language), reviewer)
    link = loses_phone(sit, desk, reviewer)
    comes_back_with_new_phone(sit(language, narrow=True), link, phone)
    arrives_by_provider(sit_down(language), world.invited, provider)


def comes_back_by_passkey(desk: Desk, person: User) -> None:
    """The administrator finds the passkey under its name, and signs in with it."""
    desk.open(FACTORS)
    is_sound(desk.page)
    assert "Komputer pejabat" in desk.page.locator("main").inner_text()
    sign_out(desk)
    desk.sign_in_by_page(person.email)
    desk.page.wait_for_url(f"{desk.site}{SECOND_STEP}")
    is_sound(desk.page)
    desk.page.locator("#use-passkey").click()
    arrive(desk)
    event = Event.objects.filter(action="session.signed_in").latest("pk")
    assert (event.actor_id, event.after) == (person.pk, {"factor": "webauthn"})


def comes_in_by_phone(desk: Desk, person: User, phone: Phone) -> None:
    """The reviewer adds the app, signs in by its code, and once by a recovery code."""
    desk.sign_in_by_page(person.email)
    codes = enrol_app(desk, phone)
    assert len(codes) == 10
    for code in (phone.next_code(), codes[0]):
        sign_out(desk)
        desk.sign_in_by_page(person.email)
        desk.page.wait_for_url(f"{desk.site}{SECOND_STEP}")
        is_sound(desk.page)
        answer(desk, code)


def is_caught(thief: Desk, owner: User) -> None:
    """Whoever knows the password alone gets nowhere, and its owner is told."""
    mail.outbox.clear()
    thief.sign_in_by_page(owner.email)
    thief.page.wait_for_url(f"{thief.site}{SECOND_STEP}")
    for code in ("000000", "123456"):
        answer(thief, code, SECOND_STEP)
        is_sound(thief.page)
    thief.open("/account/")
    assert urlsplit(thief.page.url).path.startswith("/sign-in/")
    [letter] = mail.outbox
    with override(thief.language):
        assert letter.subject == SignInChange.FACTOR_REFUSED.label
    assert letter.to == [owner.email]
    assert Event.objects.filter(action="factor.refused").count() == 2


def loses_phone(sit: SitDown, first: Desk, person: User) -> str:
    """One administrator asks, another grants; return the link that the reviewer gets by mail."""
    asking = f"/people/{person.pk}/lost-device/"
    first.open(f"/people/{person.pk}/")
    is_sound(first.page)
    press(first, f"a[href='{asking}']", asking)
    is_sound(first.page)
    first.page.locator("textarea[name=reason]").fill("Telefon hilang di lapangan")
    press(first, "main form button[type=submit]", "/people/lost-devices/")
    is_sound(first.page)
    assert first.page.locator("form[action$='/grant/']").count() == 0
    second = sit(first.language)
    enrol_passkey(second, "dua@kerajaan.example", "Komputer riba")
    second.open("/people/lost-devices/")
    press(second, "form[action$='/grant/'] button", "/people/lost-devices/")
    is_sound(second.page)
    told = [letter for letter in mail.outbox if letter.to == [person.email]]
    link = re.search(r"/password/reset/\S+", str(told[-1].body))
    assert link is not None
    return link[0]


def comes_back_with_new_phone(desk: Desk, link: str, phone: Phone) -> None:
    """The reviewer chooses a new password, and must add a second factor again before anything else."""
    desk.open(link)
    desk.choose_language()
    is_sound(desk.page)
    for name in ("password", "password_again"):
        desk.page.locator(f"input[name={name}]").fill(NEW_PASSWORD)
    press(desk, "main form button[type=submit]", FACTORS)
    enrol_app(desk, phone)


def arrives_by_provider(desk: Desk, person: User, provider: RealProvider) -> None:
    """The invited officer connects the account of the agency, signs out at both, and arrives again."""
    provider.add_person("aminah")
    page, site = desk.page, desk.site
    desk.open(link_path(person, purpose=INVITATION))
    desk.choose_language()
    is_sound(page)
    press_provider(desk)
    sign_in_there(page, "aminah")
    is_at(page, site, "/welcome/")
    account = ProviderAccount.objects.get()
    assert account.person == person and account.subject
    assert Event.objects.filter(action="person.joined").count() == 1

    desk.open("/sign-out/")
    page.locator("main form button[type=submit]").click()
    # The provider knows whose session it is and where to go on to, and asks. (Its page stays where it is in 2.7.6.)
    page.wait_for_url(lambda url: url.startswith(provider.origin) and "prompt=end_session" in url)
    assert parse_qs(urlsplit(page.url).query)["callback_url"] == [f"{site}/sign-in/"]
    with page.expect_response(lambda answer: answer.request.method == "DELETE" and "/api/auth" in answer.url):
        page.locator("button.btn-danger").first.click()
    desk.open("/")
    is_at(page, site, "/sign-in/")
    is_sound(page)

    press_provider(desk)
    sign_in_there(page, "aminah")
    is_inside(page, site)
    assert Event.objects.filter(action="session.signed_in", actor_id=person.pk).count() == 2
