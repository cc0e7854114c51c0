"""The overview as a wall, in a real browser: what stands where on the screens that people use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Browser, Page

from accounts.models import User
from recommendations.models import Assignment, Cycle, Item
from recommendations.queries.window_clock import WindowClock
from recommendations.services import override_item
from recommendations.states import AssignmentRole, ItemKind
from tests.e2e.conftest import QuietSite, axe_faults
from tests.factories.accounts import make_agency
from tests.factories.recommendations import make_assignment, make_item, make_submission
from tests.recommendations.conftest import Desk, desk
from ui.templatetags.ui import window_clock

pytestmark = [pytest.mark.e2e, pytest.mark.long]
__all__ = ["desk"]

OVERVIEW = reverse("overview:overview")


@pytest.fixture
def screen(browser: Browser, quiet_site: QuietSite) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id="Asia/Kuala_Lumpur")
    context.set_default_timeout(60_000)
    page = context.new_page()
    yield page
    page.goto(f"{quiet_site.url}/static/ui/mark.svg")
    context.close()


def _open(page: Page, site: QuietSite, person: User, path: str, *, language: str = "en") -> None:
    """Open a page as a person."""
    client = Client()
    client.force_login(person)
    User.objects.filter(pk=person.pk).update(language=language)
    cookies = {
        settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        settings.LANGUAGE_COOKIE_NAME: language,
    }
    page.context.add_cookies(
        [{"name": name, "value": value, "url": site.url} for name, value in cookies.items()]
    )
    page.goto(f"{site.url}{path}")


#: Draws the clock with other words, again and again, and names the texts that meet another, or leave the card.
DRAW_CLOCKS = """(clocks) => clocks.map((html) => {
  const card = document.querySelector(".window-clock__line").parentElement;
  card.innerHTML = html;
  const texts = [...card.querySelectorAll("text, p")].filter((each) => each.textContent.trim() && each.getClientRects().length);
  const boxes = texts.map((each) => [each.textContent.trim(), each.getBoundingClientRect()]);
  const around = card.getBoundingClientRect();
  const bad = boxes.filter(([, box]) => box.left < around.left || box.right > around.right).map(([word]) => word);
  boxes.forEach(([word, one], index) => boxes.slice(index + 1).forEach(([other, two]) => {
    const across = Math.min(one.right, two.right) - Math.max(one.left, two.left);
    const down = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
    if (across > 0.5 && down > 0.5) bad.push(`${word} / ${other}`);
  }));
  return [bad, boxes.map(([word]) => word.replaceAll("\u00a0", " "))];
})"""

WINDOW = (date(2023, 4, 1), date(2024, 3, 31))
#: Days on which something begins or ends, and those beside them.
CLOCK_DAYS = [
    date(2023, 3, 1), date(2023, 4, 1), date(2023, 4, 9), date(2023, 9, 14), date(2023, 9, 29), date(2023, 9, 30),
    date(2023, 10, 1), date(2023, 10, 16), date(2024, 1, 31), date(2024, 2, 2), date(2024, 3, 30), date(2024, 3, 31),
    date(2024, 4, 5),
]  # fmt: skip


@pytest.mark.parametrize("language", ["ms", "en"])
def test_labels_of_the_clock_never_meet_and_never_vanish(
    screen: Page, quiet_site: QuietSite, desk: Desk, language: str
) -> None:
    _open(screen, quiet_site, desk.reviewer, OVERVIEW, language=language)
    cycles = [
        Cycle(window_start=WINDOW[0], window_end=WINDOW[1], interim_on=interim, submission_on=due)
        for interim, due in [(date(2023, 9, 30), date(2024, 2, 1)), (date(2024, 1, 30), date(2024, 2, 1))]
    ]
    with override(language):
        dials = [WindowClock(cycle, day).dial(is_past=True) for cycle in cycles for day in CLOCK_DAYS]
        drawn = [render_to_string("ui/window_clock.html", window_clock(dial)) for dial in dials]
    for width in (360, 390, 768, 1100, 1440):
        screen.set_viewport_size({"width": width, "height": 900})
        for place, (bad, words) in enumerate(screen.evaluate(DRAW_CLOCKS, drawn)):
            assert bad == [], (width, CLOCK_DAYS[place % len(CLOCK_DAYS)])
            told = " ".join(words)
            assert all(each.label.replace("\u00a0", " ") in told for each in dials[place]["dates"])


#: Where the first code and the first number are seen while the table is scrolled to its end, and what covers them.
SCROLLED = """() => {
  const wrap = document.querySelector(".table-wrap--both"), box = wrap.getBoundingClientRect();
  wrap.scrollIntoView({ block: "start" });
  wrap.scrollTo(wrap.scrollWidth, wrap.scrollHeight);
  const seen = (element) => {
    const place = element.getBoundingClientRect(), around = wrap.getBoundingClientRect();
    const top = document.elementFromPoint(place.left + 4, place.top + place.height / 2);
    return place.top >= around.top - 1 && place.left >= around.left - 1 && place.top >= 0
      && place.bottom <= innerHeight && Boolean(top && (element.contains(top) || top.contains(element)));
  };
  const heads = [...document.querySelectorAll(".matrix__agency")], numbers = [...document.querySelectorAll("tbody .matrix__number")];
  return [wrap.scrollTop > 0, wrap.scrollLeft > 0, seen(heads.at(-1)), seen(numbers.at(-1)),
    document.documentElement.scrollWidth <= innerWidth];
}"""


def _fill(desk: Desk, *, items: int, agencies: int) -> None:
    """Give the cycle so many items with one agency each, in turn."""
    made = [make_agency(f"AG{number}") for number in range(agencies)]
    for number in range(2, items + 2):
        make_assignment(
            make_item(desk.cycle, number=number),
            made[number % agencies],
            actor=desk.administrator,
            now=desk.now,
            role=AssignmentRole.SUPPORT,
        )


@pytest.mark.parametrize(("width", "height"), [(390, 780), (1000, 700)])
def test_codes_and_numbers_of_the_matrix_stay_in_sight(
    screen: Page, quiet_site: QuietSite, desk: Desk, width: int, height: int
) -> None:
    _fill(desk, items=24, agencies=20)
    screen.set_viewport_size({"width": width, "height": height})
    _open(screen, quiet_site, desk.reviewer, OVERVIEW)
    assert screen.evaluate(SCROLLED) == [True, True, True, True, True]


def test_the_matrix_is_one_stop_of_the_tab_key(screen: Page, quiet_site: QuietSite, desk: Desk) -> None:
    _fill(desk, items=3, agencies=2)
    _open(screen, quiet_site, desk.reviewer, OVERVIEW)
    table = screen.locator(".matrix")
    assert table.get_attribute("role") == "grid"
    stops = "[...document.querySelectorAll('.table-wrap--both, .table-wrap--both *')].filter((each) => each.tabIndex >= 0).length"
    assert screen.evaluate(stops) == 1

    def press(keys: str) -> str:
        screen.keyboard.press(keys)
        name: str = screen.evaluate("document.activeElement.title || document.activeElement.textContent")
        return name

    table.locator("tbody a").first.focus()
    first = press("ArrowRight")
    assert first.startswith("PDRM, lead agency")
    assert press("ArrowUp") == press("Home") == "Agency PDRM"
    last = press("Control+End")
    assert last.startswith("AG0")
    assert press("Home").startswith("Point 4")
    assert press("End") == last
    assert press("Control+Home") == "Agency PDRM" and screen.evaluate(stops) == 1
    assert axe_faults(screen) == []
    # Coming back, the tab key leads to where it was.
    screen.keyboard.press("Tab")
    screen.keyboard.press("Shift+Tab")
    assert screen.evaluate("document.activeElement.closest('thead') !== null")
    press("ArrowDown")
    screen.keyboard.press("Enter")
    screen.wait_for_url("**/items/*/")


#: The lowest edge of what these selectors find first, in pixels from the top of the page; -1 for what is not there.
LOWEST = """(selectors) => selectors.map((selector) => {
  const found = document.querySelector(selector);
  return found && found.checkVisibility() ? Math.ceil(found.getBoundingClientRect().bottom + scrollY) : -1;
})"""
#: A demonstration says so above everything, in one line or on a phone in two.
WIDE_NOTICE, PHONE_NOTICE = 32, 52


def _occupy(desk: Desk) -> None:
    """Let an update wait, assignments be late, a verdict have been given and a status have been set by MAPO itself."""
    _fill(desk, items=20, agencies=18)
    desk.accepted()
    Assignment.objects.exclude(pk=desk.assignment.pk).update(next_due_on=desk.now.date() - timedelta(days=9))
    Item.objects.filter(number__gt=15).update(kind=ItemKind.WEAKNESS)
    make_submission(desk.assignment, actor=desk.officer, now=desk.now)
    set_by_mapo = Item.objects.get(number=18)
    reason = "Mesyuarat MAPO pada 12 September 2023 memutuskan demikian."
    override_item(
        set_by_mapo, status="progress", percent=40, reason=reason, actor=desk.reviewer, now=desk.now
    )


@pytest.mark.parametrize("language", ["ms", "en"])
def test_the_chairs_questions_are_answered_above_the_fold(
    screen: Page, quiet_site: QuietSite, desk: Desk, language: str
) -> None:
    """Where do we stand, what is late and whose, what waits and how long, how long is left, what changed lately."""
    _occupy(desk)
    _open(screen, quiet_site, desk.reviewer, OVERVIEW, language=language)
    answers = [
        ".tally",
        ".need[href*='show=late'] .note",
        ".need[href*='/reviews/'] .note",
        ".window-clock__dates",
        ".decision",
    ]
    lowest = screen.evaluate(LOWEST, answers)
    assert all(0 < each <= 900 - WIDE_NOTICE for each in lowest), dict(zip(answers, lowest, strict=True))


@pytest.mark.parametrize("language", ["ms", "en"])
def test_the_first_screen_of_a_phone_tells_the_state(
    screen: Page, quiet_site: QuietSite, desk: Desk, language: str
) -> None:
    _occupy(desk)
    screen.set_viewport_size({"width": 390, "height": 844})
    _open(screen, quiet_site, desk.reviewer, OVERVIEW, language=language)
    end = screen.evaluate("document.querySelector('.tabbar').getBoundingClientRect().top")
    answers = [".tally", ".tally__link.tone-danger", ".tally__link.tone-info", ".window-clock__head p"]
    lowest = screen.evaluate(LOWEST, answers)
    assert all(0 < each <= end - PHONE_NOTICE for each in lowest), dict(zip(answers, lowest, strict=True))
    assert screen.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_phone_page_ends_with_its_footer(screen: Page, quiet_site: QuietSite, desk: Desk) -> None:
    """What the matrix hides for screen readers within its own scrolling box does not lengthen the page."""
    _fill(desk, items=40, agencies=4)
    screen.set_viewport_size({"width": 360, "height": 780})
    _open(screen, quiet_site, desk.reviewer, OVERVIEW)
    below = "document.documentElement.scrollHeight - document.querySelector('footer').getBoundingClientRect().bottom"
    assert screen.evaluate(below) <= 80


def test_assignments_fold_by_agency_and_a_whole_group_is_chosen(
    screen: Page, quiet_site: QuietSite, desk: Desk
) -> None:
    _fill(desk, items=80, agencies=20)
    screen.set_viewport_size({"width": 360, "height": 780})
    path = f"{reverse('recommendations:assignments')}?tab=confirmed"
    _open(screen, quiet_site, desk.reviewer, path)
    assert screen.evaluate("document.documentElement.scrollHeight") < 4_000
    assert screen.evaluate("document.documentElement.scrollWidth") <= 360
    boxes = screen.locator("input[name=chosen]")
    assert not boxes.first.is_visible()
    screen.get_by_label("Choose all of AG3", exact=True).check()
    assert screen.locator("[data-chosen-count]").text_content() == "4 chosen."
    assert screen.locator("input[name=chosen]:checked").count() == 4
    screen.get_by_label("Choose all", exact=True).check()
    assert screen.locator("[data-choice-group] > label > input:checked").count() == 21
    screen.get_by_label("Choose all of AG3", exact=True).uncheck()
    assert screen.locator("[data-chosen-count]").text_content() == "77 chosen."
    screen.locator("details[data-fold=AG5] > summary").click()
    screen.wait_for_url("**open=AG5**")
    assert axe_faults(screen) == []
    assert screen.locator(".filters input[name=open]").get_attribute("value") == "AG5"
    screen.reload()
    assert screen.locator("details[data-fold][open]").get_attribute("data-fold") == "AG5"
    assert screen.locator("details[data-fold=AG5] .note").first.is_visible()
