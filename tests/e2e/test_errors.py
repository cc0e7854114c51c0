"""A page that does not exist has the header of every page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.conftest import Desk, is_sound
from tests.e2e.touch import small_targets
from tests.factories.accounts import UserFactory
from tests.factories.recommendations import make_cycle

pytestmark = [pytest.mark.e2e, pytest.mark.long]

PATH = "/no-such-place/?a=b"


def test_missing_page_has_bell_and_banner_and_switches_its_language(sit_down: Callable[..., Desk]) -> None:
    make_cycle()
    desk = sit_down("ms", phone=True).sign_in(UserFactory(role="officer").email).open(PATH)
    page = desk.page
    assert page.locator(".demo").is_visible() and page.locator(".bell").is_visible()
    is_sound(page)
    assert small_targets(page) == []
    page.locator(".header button[name=language][value=en]").click()
    page.get_by_role("heading", name="This page was not found").wait_for()
    assert page.url == desk.site + PATH


def test_stranger_switches_the_language_of_a_missing_page_without_scripts(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down("ms", scripts=False).open(PATH)
    desk.page.locator("button[name=language][value=en]").click()
    desk.page.get_by_role("heading", name="This page was not found").wait_for()
    assert desk.page.url == desk.site + PATH
    assert [cookie["name"] for cookie in desk.page.context.cookies()].count("sessionid") == 0
