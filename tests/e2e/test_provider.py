"""A stranger does not get in by a real provider, in both languages; and the provider falls."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from accounts.models import User
from accounts.roles import Role
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk, is_sound
from tests.e2e.real_provider import RealProvider
from tests.e2e.signing_in import is_at, is_inside, press_provider, sign_in_there
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = [pytest.mark.e2e, pytest.mark.long]


@pytest.fixture
def administrator(real_db: WorkerDatabase, clock: Clock) -> User:
    clock.move_to(NOW)
    return UserFactory(role=Role.ADMINISTRATOR)


@pytest.mark.parametrize("language", ["ms", "en"])
def test_a_stranger_does_not_get_in_by_the_provider(
    language: str, administrator: User, provider: RealProvider, sit_down: Callable[..., Desk]
) -> None:
    provider.add_person("orang-asing")
    stranger = sit_down(language, phone=True)
    stranger.open("/sign-in/")
    stranger.choose_language()
    is_sound(stranger.page)
    press_provider(stranger)
    sign_in_there(stranger.page, "orang-asing")
    is_at(stranger.page, stranger.site, "/sign-in/provider/finish/")
    with override(language):
        expect(stranger.page.locator("h1")).to_have_text(
            gettext("You have no access to Jejak with this account")
        )
    is_sound(stranger.page)


@pytest.mark.parametrize("language", ["ms", "en"])
def test_provider_falls_and_an_administrator_still_gets_in(
    language: str, administrator: User, provider: RealProvider, sit_down: Callable[..., Desk]
) -> None:
    provider.stop()
    desk = sit_down(language, phone=True)
    desk.open("/sign-in/")
    desk.choose_language()
    press_provider(desk)
    name = {"ms": "ID Agensi tidak dapat dihubungi", "en": "Agency ID cannot be reached"}[language]
    expect(desk.page.locator("h1")).to_have_text(name)
    is_sound(desk.page)
    desk.page.locator("main a.btn").click()
    desk.page.locator("input[name=login]").fill(administrator.email)
    desk.page.locator("input[name=password]").fill(PASSWORD)
    desk.page.locator("input[name=password]").press("Enter")
    is_inside(desk.page, desk.site)
