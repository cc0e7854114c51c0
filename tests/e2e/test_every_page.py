"""Every page of the matrix on a late day, for every role: axe finds nothing, nothing overflows a phone, no script is refused or fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import repeat

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, ConsoleMessage, Error, Page

from audit import clock
from recommendations.services import plan_action, suggest_assignment
from tests import matrix
from tests.e2e.conftest import QuietSite, axe_faults
from tests.e2e.touch import MAIN_PAGES, small_targets
from tests.factories.accounts import World, make_world
from tests.factories.recommendations import (
    make_accepted,
    make_assignment,
    make_cycle,
    make_item,
    make_submission,
)
from tests.matrix import ANONYMOUS, OFFICER, REVIEWER, ROLES, Row
from tests.shared import shared

pytestmark = [pytest.mark.e2e, pytest.mark.long]

#: The narrowest phone that the look is made for, in CSS pixels.
NARROW = {"width": 360, "height": 780}
WIDE = {"width": 1440, "height": 900}
#: Pages are looked at long after their things were made: agencies are late, and months of figures owed.
MOST_LATE = datetime(2023, 12, 1, 10, tzinfo=clock.KUALA_LUMPUR)
#: Opening a tab takes a second; one that stays open for all tests keeps what axe saw on every page in its memory.
TESTS_OF_A_TAB = 10
#: The tables of which a part is out of sight on a wide screen.
CUT_TABLES = """() => [...document.querySelectorAll(".table-wrap")]
  .filter((wrap) => wrap.scrollWidth > wrap.clientWidth + 1)
  .map((wrap) => wrap.getAttribute("aria-label") ?? wrap.textContent.trim().slice(0, 40))"""
#: What has no page of its own to look at.
NO_PAGES = {
    "health",
    "health_live",
    "health_ready",
    "robots_txt",
    "audit:anchor",
    "evidence:download",
    "evidence:preview",
    "accounts:invite_many_template",
    "accounts:recovery_codes_file",
    "accounts:session_left",
    "imports:opening_template",
    "indicators:figure_template",
    "indicators:source_download",
    "reminders:feed",
    "reports:file",
    "reports:minutes",
    "reports:schema",
    "search:suggestions",
}


@shared
def filled(now: datetime) -> World:
    """A furnished world with something on every list: an accepted update, one that waits, a step, a suggestion."""
    world = make_world()
    matrix.furnish(world, now)
    officer, reviewer = world.people[OFFICER], world.people[REVIEWER]
    cycle = make_cycle()
    first, second = make_item(cycle, number=1), make_item(cycle, number=2)
    told = make_assignment(first, world.own, actor=reviewer, now=now)
    make_accepted(told, actor=officer, reviewer=reviewer, now=now)
    plan_action(told, text="Latihan", owner=officer, due_on=now.date(), actor=officer, now=now)
    make_submission(make_assignment(second, world.own, actor=reviewer, now=now), actor=officer, now=now)
    suggest_assignment(first, agency=world.foreign, role="support", actor=None, now=now)
    return world


@shared
def sessions(filled: World) -> dict[str, str]:
    """The session key of each role's person."""
    return matrix.session_keys(filled)


@shared
def address(filled: World, sessions: dict[str, str], row: Row) -> str:
    """Where the row's page is; what it shows is made now."""
    return reverse(row.name, kwargs=row.kwargs(filled)) + row.query


def pages() -> list[Row]:
    """Each page that answers a GET."""
    return [
        row
        for row in matrix.all_rows()
        if row.method == "get" and row.target != "foreign" and row.name not in NO_PAGES and visitors(row)
    ]


#: In tables that are stacked on a phone: the labels that do not stand beside the first line of their value, and by how much.
SHIFTED_VALUES = """() => {
  const shifted = [];
  for (const cell of document.querySelectorAll(".table--stack tbody [data-label]")) {
    if (getComputedStyle(cell).display !== "grid") continue;
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = document.createRange();
    let line;
    while (!line && texts.nextNode()) {
      range.selectNodeContents(texts.currentNode);
      const box = texts.currentNode.data.trim() && range.getClientRects()[0];
      if (box && box.height > 3) line = box;
    }
    if (!line) continue;
    const label = getComputedStyle(cell, "::before"), padding = (style) => parseFloat(style.paddingTop) || 0;
    const top = cell.getBoundingClientRect().top + padding(getComputedStyle(cell)) + padding(label);
    const distance = Math.round(line.top + line.height / 2 - top - parseFloat(label.lineHeight) / 2);
    if (Math.abs(distance) > 5) shifted.push([cell.dataset.label, distance]);
  }
  return shifted;
}"""


def visitors(row: Row) -> list[str]:
    """As whom a page is visited: every role that sees it; who has not signed in, alone."""
    seen_by = [role for role in ROLES if row.expected[role] == 200]
    return [ANONYMOUS] if ANONYMOUS in seen_by else seen_by


def languages(row: Row, role: str) -> tuple[str, ...]:
    """In which languages: words are the same for all roles, so the others see the page in Malay alone."""
    return ("ms", "en") if role in visitors(row)[:1] else ("ms",)


@pytest.fixture(scope="module")
def tabs(browser: Browser) -> Iterator[Iterator[Page]]:
    """The tab of each test, in one browser window: what the pages share is loaded once."""
    context = browser.new_context(locale="en-GB", timezone_id="Asia/Kuala_Lumpur")
    context.set_default_timeout(60_000)

    def opened() -> Iterator[Page]:
        while True:
            page = context.new_page()
            yield from repeat(page, TESTS_OF_A_TAB)
            page.close()

    yield opened()
    context.close()


@pytest.fixture
def page(tabs: Iterator[Page], quiet_site: QuietSite) -> Iterator[Page]:
    """A tab that shows no page after the test."""
    page = next(tabs)
    yield page
    # A picture of the site asks for nothing more. At an address of no site the browser would change its process.
    page.goto(f"{quiet_site.url}/static/ui/mark.svg")


@pytest.mark.parametrize("row", pages(), ids=str)
def test_every_page(
    row: Row, address: str, sessions: dict[str, str], page: Page, quiet_site: QuietSite
) -> None:
    refused: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            refused.append(message.text)

    def fail(error: Error) -> None:
        refused.append(str(error))

    page.on("console", listen)
    page.on("pageerror", fail)
    faults: list[str] = []
    clock.move_to(MOST_LATE)
    for role in visitors(row):
        for language in languages(row, role):
            _enter(page, quiet_site.url, sessions.get(role), language)
            where = f"{row} ({role}, {language})"
            faults += _faults(page, quiet_site.url + address, where, language)
            if row.name in MAIN_PAGES:
                faults += [f"{where}: {small}" for small in small_targets(page)]
    page.remove_listener("console", listen)
    page.remove_listener("pageerror", fail)
    assert faults + refused == []


def _enter(page: Page, site: str, session: str | None, language: str) -> None:
    """Carry a session in, and the language's cookie, as a returning person would."""
    cookies = {settings.LANGUAGE_COOKIE_NAME: language}
    if session is not None:
        cookies[settings.SESSION_COOKIE_NAME] = session
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])


def _faults(page: Page, address: str, where: str, language: str) -> Iterator[str]:
    page.set_viewport_size(WIDE)
    answer = page.goto(address)
    assert answer is not None
    if answer.status != 200:
        yield f"{where}: answered {answer.status}"
        return
    if page.locator("html").get_attribute("lang") != language:
        yield f"{where}: is not in this language"
    for fault in axe_faults(page):
        yield f"{where}: {fault}"
    for table in page.evaluate(CUT_TABLES):
        yield f"{where}: a part of the table “{table}” is out of sight at {WIDE['width']} px"
    page.set_viewport_size(NARROW)
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > NARROW["width"]:
        yield f"{where}: is {width} px wide on a phone of {NARROW['width']} px"
    for label, distance in page.evaluate(SHIFTED_VALUES):
        yield f"{where}: on a phone “{label}” stands {distance} px off the first line of its value"
