"""An invited officer arrives by a real provider, in both languages; a stranger does not; and the provider falls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from csp.constants import SELF
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts.models import ProviderAccount, User
from accounts.oidc.provider import forget_provider
from accounts.roles import Role
from accounts.tokens import INVITATION, link_path
from audit.models import Event
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk, is_sound
from tests.e2e.real_provider import PROVIDER_PASSWORD, RealProvider
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.e2e


@pytest.fixture
def provider(site: str, settings: Settings, tmp_path: Path) -> Iterator[RealProvider]:
    forget_provider()
    with RealProvider(tmp_path, site) as made:
        settings.SITE_URL, settings.OIDC = site, made.settings()
        policy = settings.CONTENT_SECURITY_POLICY
        directives = {**policy["DIRECTIVES"], "form-action": [SELF, made.origin]}
        settings.CONTENT_SECURITY_POLICY = {**policy, "DIRECTIVES": directives}
        yield made
    forget_provider()


@pytest.fixture
def people(real_db: WorkerDatabase, clock: Clock) -> dict[str, User]:
    clock.move_to(NOW)
    invited = UserFactory(joined_at=None)
    invited.set_unusable_password()
    invited.save()
    return {"invited": invited, "administrator": UserFactory(role=Role.ADMINISTRATOR)}


def sign_in_there(page: Page, name: str) -> None:
    """Sign in on the provider's own pages."""
    page.wait_for_selector("#username")
    page.fill("#username", name)
    page.fill("#password", PROVIDER_PASSWORD)
    page.click("#loginbut")
    page.click("button.btn-success")


def press(desk: Desk, words: str) -> None:
    with override(desk.language):
        label = gettext(words).replace("%(provider)s", "ID Agensi" if desk.language == "ms" else "Agency ID")
    desk.page.get_by_role("button", name=label).click()


def is_at(page: Page, site: str, path: str) -> None:
    page.wait_for_url(lambda url: url.startswith(site) and urlsplit(url).path == path)


def is_inside(page: Page, site: str) -> None:
    page.wait_for_url(lambda url: url.startswith(site) and not urlsplit(url).path.startswith("/sign-in/"))
    expect(page.locator("body[data-person]")).to_be_attached()


@pytest.mark.parametrize("language", ["ms", "en"])
def test_an_invited_officer_arrives_by_the_provider_and_a_stranger_does_not(
    language: str, people: dict[str, User], provider: RealProvider, sit_down: Callable[..., Desk]
) -> None:
    provider.add_person("aminah")
    provider.add_person("orang-asing")
    desk = sit_down(language)
    page, site = desk.page, desk.site

    desk.open(link_path(people["invited"], purpose=INVITATION))
    desk.choose_language()
    is_sound(page)
    press(desk, "Sign in with %(provider)s")
    sign_in_there(page, "aminah")
    is_at(page, site, "/welcome/")
    account = ProviderAccount.objects.get()
    assert account.person == people["invited"] and account.subject
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

    press(desk, "Sign in with %(provider)s")
    sign_in_there(page, "aminah")
    is_inside(page, site)
    assert Event.objects.filter(action="session.signed_in").count() == 2

    stranger = sit_down(language, phone=True)
    stranger.open("/sign-in/")
    stranger.choose_language()
    is_sound(stranger.page)
    press(stranger, "Sign in with %(provider)s")
    sign_in_there(stranger.page, "orang-asing")
    is_at(stranger.page, site, "/sign-in/provider/finish/")
    with override(language):
        expect(stranger.page.locator("h1")).to_have_text(
            gettext("You have no access to Jejak with this account")
        )
    is_sound(stranger.page)


@pytest.mark.parametrize("language", ["ms", "en"])
def test_provider_falls_and_an_administrator_still_gets_in(
    language: str, people: dict[str, User], provider: RealProvider, sit_down: Callable[..., Desk]
) -> None:
    provider.stop()
    desk = sit_down(language, phone=True)
    desk.open("/sign-in/")
    desk.choose_language()
    press(desk, "Sign in with %(provider)s")
    name = {"ms": "ID Agensi tidak dapat dihubungi", "en": "Agency ID cannot be reached"}[language]
    expect(desk.page.locator("h1")).to_have_text(name)
    is_sound(desk.page)
    desk.page.locator("main a.btn").click()
    desk.page.locator("input[name=login]").fill(people["administrator"].email)
    desk.page.locator("input[name=password]").fill(PASSWORD)
    desk.page.locator("input[name=password]").press("Enter")
    is_inside(desk.page, desk.site)
