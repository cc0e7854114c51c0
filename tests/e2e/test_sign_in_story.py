"""How people come in, as one story in both languages: second factors, a thief, a lost phone, a pack, the provider."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.utils.translation import override
from pytest_django import Settings

from accounts.models import ProviderAccount, User
from accounts.roles import Role
from accounts.sign_in_mails import SignInChange
from accounts.tokens import INVITATION, link_path
from audit.models import Event
from reports.services.making import make
from reports.states import ExportFormat
from tests.conftest import Clock
from tests.e2e.conftest import Desk, is_sound
from tests.e2e.real_provider import RealProvider
from tests.e2e.signing_in import (
    FACTORS,
    Phone,
    answer,
    arrive,
    at_localhost,
    enrol_app,
    enrol_passkey,
    is_at,
    is_inside,
    leave_for_a_while,
    press,
    press_provider,
    sign_in_there,
    sign_out,
)
from tests.factories.accounts import UserFactory
from tests.reports.conftest import Told, make_told
from tests.reports.makers import asked

pytestmark = [pytest.mark.e2e, pytest.mark.long]
SitDown = Callable[..., Desk]
SECOND_STEP = "/sign-in/second-factor/"
NEW_PASSWORD = "kata-laluan-baharu-2023"


@pytest.fixture
def world(site: str, clock: Clock, settings: Settings, language: str) -> Told:
    """The world of summaries, with a second administrator and an officer who is invited."""
    settings.SECOND_FACTOR_REQUIRED = frozenset({"administrator", "reviewer"})
    made = make_told(clock)
    made.people["second"] = UserFactory(role=Role.ADMINISTRATOR, agency=made.agencies["KDN"])
    made.people["invited"] = UserFactory(agency=made.agencies["PDRM"], joined_at=None)
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
        desk = at_localhost(sit_down(language))
        if narrow:
            desk.page.set_viewport_size({"width": 360, "height": 780})
        desk.page.on("pageerror", lambda error: problems.append(str(error)))
        desk.page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        return desk

    yield make
    assert problems == []


@pytest.mark.parametrize("language", ["ms", "en"])
def test_everybody_comes_in_but_the_thief(
    language: str, world: Told, phone: Phone, sit: SitDown, sit_down: SitDown, provider: RealProvider
) -> None:
    people = world.people
    desk = sit(language)
    enrol_passkey(desk, people["administrator"].email, "Komputer pejabat")
    comes_back_by_passkey(desk, people["administrator"])
    comes_in_by_phone(sit(language, narrow=True), people["reviewer"], phone)
    is_caught(sit(language), people["reviewer"])
    asks_for_new_device(desk, people["reviewer"])
    link = grants_new_device(sit(language), people["second"], people["reviewer"])
    mobile = sit(language, narrow=True)
    comes_back_with_new_phone(mobile, link, phone)
    is_asked_again_for_a_pack(mobile, world, phone)
    arrives_by_provider(sit_down(language), people["invited"], provider)


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


def asks_for_new_device(desk: Desk, person: User) -> None:
    """An administrator asks, with a reason, and cannot grant it."""
    asking = f"/people/{person.pk}/lost-device/"
    desk.open(f"/people/{person.pk}/")
    is_sound(desk.page)
    press(desk, f"a[href='{asking}']", asking)
    is_sound(desk.page)
    desk.page.locator("textarea[name=reason]").fill("Telefon hilang di lapangan")
    press(desk, "main form button[type=submit]", "/people/lost-devices/")
    is_sound(desk.page)
    assert desk.page.locator("form[action$='/grant/']").count() == 0


def grants_new_device(desk: Desk, administrator: User, person: User) -> str:
    """Another administrator grants it; return the link that the person gets by mail."""
    enrol_passkey(desk, administrator.email, "Komputer riba")
    desk.open("/people/lost-devices/")
    press(desk, "form[action$='/grant/'] button", "/people/lost-devices/")
    is_sound(desk.page)
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


def is_asked_again_for_a_pack(desk: Desk, world: Told, phone: Phone) -> None:
    """The reviewer takes an evidence pack after a while, and only once a code has said again who is there."""
    report = asked(world, "reviewer", export_format=ExportFormat.PACK)
    make(report.pk, now=world.now)
    desk.open(f"/summaries/{report.pk}/")
    is_sound(desk.page)
    leave_for_a_while(desk)
    desk.page.locator(f"main a[href='/summaries/{report.pk}/file/']").first.click()
    desk.page.wait_for_url(re.compile("/account/again/"))
    is_sound(desk.page)
    desk.page.locator("input[name=code]").fill(phone.next_code())
    with desk.page.expect_download() as download:
        desk.page.locator("input[name=code]").press("Enter")
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    is_sound(desk.page)
    proofs = Event.objects.filter(action="session.proved_again")
    assert [(each.actor_id, each.after) for each in proofs] == [
        (world.people["reviewer"].pk, {"proof": "totp"})
    ]


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
