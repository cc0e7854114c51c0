"""Every page of the matrix, in both languages: axe finds nothing, nothing overflows a phone, no script is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from audit import clock as audit_clock
from recommendations.services import suggest_assignment
from tests import matrix
from tests.conftest import NOW, WorkerDatabase
from tests.e2e.conftest import Desk
from tests.factories.accounts import World, make_world
from tests.factories.recommendations import (
    make_accepted,
    make_assignment,
    make_cycle,
    make_item,
    make_submission,
)
from tests.matrix import ADMINISTRATOR, ANONYMOUS, OFFICER, REVIEWER, ROLES, Row

pytestmark = pytest.mark.e2e

#: The narrowest phone that the look is made for, in CSS pixels.
NARROW = {"width": 360, "height": 780}
WIDE = {"width": 1440, "height": 900}
#: What has no page of its own to look at.
NO_PAGES = {
    "health",
    "evidence:download",
    "evidence:preview",
    "accounts:invite_many_template",
    "imports:opening_template",
    "reminders:feed",
    "reports:file",
    "reports:schema",
}


def new_world(database: WorkerDatabase) -> World:
    """A database made anew and furnished: rows may make things that stand in each other's way."""
    database.renew()
    audit_clock.move_to(NOW)
    made = make_world()
    matrix.furnish(made, NOW)
    _fill(made)
    return made


def _fill(world: World) -> None:
    """Something on every list: an accepted update, one that waits, a suggestion."""
    officer, reviewer = world.people[OFFICER], world.people[REVIEWER]
    cycle = make_cycle()
    first, second = make_item(cycle, number=1), make_item(cycle, number=2)
    told = make_assignment(first, world.own, actor=reviewer, now=NOW)
    make_accepted(told, actor=officer, reviewer=reviewer, now=NOW)
    make_submission(make_assignment(second, world.own, actor=reviewer, now=NOW), actor=officer, now=NOW)
    suggest_assignment(first, agency=world.foreign, role="support", actor=None, now=NOW)


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
def test_every_page(real_db: WorkerDatabase, sit_down: Callable[..., Desk], role: str, language: str) -> None:
    desk = sit_down(language)
    refused: list[str] = []
    desk.page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    faults: list[str] = []
    for row in (row for visitor, row in visits() if visitor == role):
        world = new_world(real_db)
        address = reverse(row.name, kwargs=row.kwargs(world)) + row.query
        _enter(desk, world, role)
        faults += _faults(desk.page, desk.site + address, f"{row} ({language})", language)
    assert faults + refused == []


def _enter(desk: Desk, world: World, role: str) -> None:
    """Carry a session in, and the language's cookie, as a returning person would."""
    cookies = {settings.LANGUAGE_COOKIE_NAME: desk.language}
    if role != ANONYMOUS:
        client = Client()
        client.force_login(world.people[role])
        cookies["sessionid"] = client.cookies["sessionid"].value
    desk.page.context.clear_cookies()
    desk.page.context.add_cookies(
        [{"name": name, "value": value, "url": desk.site} for name, value in cookies.items()]
    )


def _faults(page: Page, address: str, where: str, language: str) -> Iterator[str]:
    page.set_viewport_size(WIDE)
    answer = page.goto(address)
    assert answer is not None
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
