"""Every page of the matrix, in both languages: axe finds nothing, nothing overflows a phone, no script is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from tests import matrix
from tests.e2e.conftest import Desk
from tests.factories.accounts import World, make_world
from tests.matrix import ADMINISTRATOR, ANONYMOUS, OFFICER, ROLES, Row

pytestmark = pytest.mark.e2e

#: The narrowest phone that the look is made for, in CSS pixels.
NARROW = {"width": 360, "height": 780}
WIDE = {"width": 1440, "height": 900}
#: What has no page of its own to look at.
NO_PAGES = {"health", "evidence:download", "evidence:preview", "accounts:invite_many_template"}


@pytest.fixture
def world(real_db: object, now: datetime) -> World:
    made = make_world()
    matrix.furnish(made, now)
    return made


def visits() -> Iterator[tuple[str, Row]]:
    """Each page that answers a GET, as an officer and as an administrator sees it, or else who sees it first."""
    for row in matrix.all_rows():
        if row.method != "get" or row.target == "foreign" or row.name in NO_PAGES:
            continue
        seen_by = [role for role in ROLES if row.expected[role] == 200]
        chosen = [role for role in (OFFICER, ADMINISTRATOR) if role in seen_by] or seen_by[:1]
        for role in [ANONYMOUS] if ANONYMOUS in seen_by else chosen:
            yield role, row


@pytest.mark.parametrize("language", ["ms", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_every_page(world: World, sit_down: Callable[..., Desk], role: str, language: str) -> None:
    rows = [row for visitor, row in visits() if visitor == role]
    if not rows:
        return
    desk = sit_down(language)
    refused: list[str] = []
    desk.page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    _enter(desk, world, role)
    faults = [fault for row in rows for fault in _faults(desk.page, desk.site, row, world, language)]
    assert faults + refused == []


def _enter(desk: Desk, world: World, role: str) -> None:
    """Carry a session in, and the language's cookie, as a returning person would."""
    cookies = {settings.LANGUAGE_COOKIE_NAME: desk.language}
    if role != ANONYMOUS:
        client = Client()
        client.force_login(world.people[role])
        cookies["sessionid"] = client.cookies["sessionid"].value
    desk.page.context.add_cookies(
        [{"name": name, "value": value, "url": desk.site} for name, value in cookies.items()]
    )


def _faults(page: Page, site: str, row: Row, world: World, language: str) -> Iterator[str]:
    page.set_viewport_size(WIDE)
    answer = page.goto(site + reverse(row.name, kwargs=row.kwargs(world)))
    assert answer is not None
    where = f"{row} ({language})"
    if answer.status != 200:
        yield f"{where}: answered {answer.status}"
        return
    if page.locator("html").get_attribute("lang") != language:
        yield f"{where}: is not in this language"
    for violation in Axe().run(page).response["violations"]:
        targets = ", ".join(str(node["target"]) for node in violation["nodes"][:3])
        yield f"{where}: {violation['id']} at {targets}"
    page.set_viewport_size(NARROW)
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > NARROW["width"]:
        yield f"{where}: is {width} px wide on a phone of {NARROW['width']} px"
