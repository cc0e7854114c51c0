"""A date field in a browser that speaks American English: typed, by calendar, and without scripts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from recommendations.content import Content
from tests.conftest import NOW, Clock
from tests.e2e.conftest import QuietSite, axe_faults, is_sound
from tests.evidence import files
from tests.factories.accounts import World, make_world
from tests.factories.recommendations import make_assignment, make_cycle, make_draft, make_item
from tests.matrix import OFFICER, REVIEWER
from tests.ui.typed_days import DAYS_WITHOUT_YEAR, TYPED_DAYS
from ui import bundles

pytestmark = [pytest.mark.e2e, pytest.mark.long]

NBSP = "\u00a0"


@pytest.fixture
def draft_address(db: None, clock: Clock) -> tuple[str, World]:
    """The address of an officer's draft, and the people."""
    now = clock.move_to(NOW)
    world = make_world()
    item = make_item(make_cycle(), number=1)
    assignment = make_assignment(item, world.own, actor=world.people[REVIEWER], now=now)
    draft = make_draft(assignment, actor=world.people[OFFICER], now=now, content=Content())
    return f"/updates/{draft.pk}/edit/", world


@pytest.fixture
def open_draft(
    browser: Browser, quiet_site: QuietSite, draft_address: tuple[str, World]
) -> Iterator[Callable[..., Page]]:
    """Open the draft in a browser with American settings: `open_draft("ms")`; also `width` and `scripts`."""
    address, world = draft_address
    contexts = []

    def make(language: str, *, width: int = 1280, scripts: bool = True) -> Page:
        client = Client()
        client.force_login(world.people[OFFICER])
        context = browser.new_context(
            viewport={"width": width, "height": 780},
            locale="en-US",
            timezone_id="America/New_York",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = {settings.SESSION_COOKIE_NAME: session, settings.LANGUAGE_COOKIE_NAME: language}
        context.add_cookies(
            [{"name": name, "value": value, "url": quiet_site.url} for name, value in cookies.items()]
        )
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(quiet_site.url + address)
        return page

    yield make
    for context in contexts:
        context.close()


def test_typed_day_is_said_in_words(open_draft: Callable[..., Page]) -> None:
    page = open_draft("ms")
    field, words = page.locator("#id_covers_from"), page.locator("#id_covers_from_words")
    expect(words).to_have_text("Hari/bulan/tahun, contohnya 31/8/2023")
    for typed in ("3/7/2023", "3.7.2023", "3 July 2023", "2023-07-03"):
        field.fill(typed)
        expect(words).to_have_text(f"Isnin, 3{NBSP}Julai{NBSP}2023")
    field.fill("3/")
    expect(words).to_have_text("Hari/bulan/tahun, contohnya 31/8/2023")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Tab")
    expect(words).to_contain_text("belum lengkap atau tidak sah")
    expect(words).to_have_attribute("aria-live", "polite")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("3/")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    page.keyboard.type("x")
    expect(field).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Backspace")
    page.keyboard.type("7")
    expect(words).to_have_text(f"Isnin, 3{NBSP}Julai{NBSP}2023")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("3/7")
    page.keyboard.press("Tab")
    expect(field).to_have_value("3/7/2023")


def test_what_the_server_said_of_a_date_is_not_said_again(open_draft: Callable[..., Page]) -> None:
    page = open_draft("en", width=360)
    field, words = page.locator("#id_covers_from"), page.locator("#id_covers_from_words")
    field.fill("7/23/2023")
    page.locator("#id_percent").fill("150")
    page.locator("button[name=action][value=submit]").click()
    expect(page.locator("[data-summary]")).to_be_focused()
    expect(page.locator("[data-summary]")).to_be_in_viewport()
    expect(page.locator("#id_covers_from_error")).to_contain_text("“7/23/2023” is not a valid date.")
    expect(words).to_be_empty()
    expect(field).to_have_attribute("aria-invalid", "true")
    covered = "(field) => field.getBoundingClientRect().bottom > document.querySelector('.send-bar').getBoundingClientRect().top"
    for link in page.locator("[data-summary] li > a").all():
        link.focus()
        page.keyboard.press("Enter")
        target = page.locator(link.get_attribute("href") or "")
        expect(target).to_be_focused()
        assert not target.evaluate(covered)
    field.focus()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("23/7/2023")
    expect(words).to_have_text(f"Sunday, 23{NBSP}July{NBSP}2023")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_covers_from_error")).to_have_count(0)


def test_browser_reads_what_the_server_reads(open_draft: Callable[..., Page]) -> None:
    page = open_draft("ms")
    names = page.locator("template#calendar").evaluate("(element) => element.outerHTML")
    table = {(text, "", ""): day for text, day in TYPED_DAYS.items()} | DAYS_WITHOUT_YEAR
    source = (bundles.SOURCES / "dates.js").read_text(encoding="utf-8")
    # A page of no site lets the test bring the module in.
    page.goto("about:blank")
    page.set_content(names)
    found: str = page.evaluate(
        """async ([source, texts]) => {
          const { readDay } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
          const read = ([text, earliest, latest]) =>
            readDay(text, { earliest: readDay(earliest), latest: readDay(latest) })?.toISOString().slice(0, 10) ?? "";
          return JSON.stringify(texts.map(read));
        }""",
        [source, list(table)],
    )
    assert dict(zip(table, json.loads(found), strict=True)) == table


def test_calendar_by_keyboard(open_draft: Callable[..., Page]) -> None:
    page = open_draft("ms")
    field = page.locator("#id_covers_from")
    field.fill("3/7/2023")
    page.keyboard.press("Tab")
    opener = page.get_by_role("button", name="Kalendar: Dari")
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Julai 2023")
    expect(dialog).to_be_visible()
    focused = page.locator("td:focus")
    expect(focused).to_have_attribute("aria-label", f"Isnin, 3{NBSP}Julai{NBSP}2023")
    assert axe_faults(page) == []
    steps = {
        "ArrowRight": "4/7/2023",
        "ArrowDown": "11/7/2023",
        "Home": "10/7/2023",
        "End": "16/7/2023",
        "ArrowUp": "9/7/2023",
        "ArrowLeft": "8/7/2023",
        "PageDown": "8/8/2023",
        "PageUp": "8/7/2023",
        "Shift+PageUp": "8/7/2022",
        "Shift+PageDown": "8/7/2023",
    }
    for key, day in steps.items():
        page.keyboard.press(key)
        expect(focused).to_have_attribute("data-day", day)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    expect(field).to_have_value("3/7/2023")
    page.keyboard.press("Enter")
    page.keyboard.press("PageDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value("3/8/2023")
    expect(page.locator("#id_covers_from_words")).to_have_text(f"Khamis, 3{NBSP}Ogos{NBSP}2023")


def test_calendar_by_mouse_stays_within_its_bounds(open_draft: Callable[..., Page]) -> None:
    page = open_draft("en")
    page.get_by_role("button", name="Calendar: To").click()
    dialog = page.get_by_role("dialog", name="September 2023")
    expect(dialog.locator("[aria-current=date]")).to_have_attribute("data-day", "14/9/2023")
    dialog.get_by_role("gridcell", name="15 September").click(force=True)
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Previous month").click()
    page.get_by_role("gridcell", name="Thursday, 31").click()
    expect(page.locator("#id_covers_to")).to_have_value("31/8/2023")


def test_calendar_on_a_phone(open_draft: Callable[..., Page]) -> None:
    page = open_draft("ms", width=360)
    page.get_by_role("button", name="Kalendar: Dari").click()
    cell = page.get_by_role("gridcell", name="Khamis, 14").bounding_box()
    assert cell is not None
    assert cell["width"] >= 44
    assert cell["height"] >= 44
    is_sound(page)


def test_date_without_scripts(open_draft: Callable[..., Page]) -> None:
    page = open_draft("ms", scripts=False)
    expect(page.locator("[data-day-open]").first).to_be_hidden()
    page.locator("#id_covers_from").fill("3 Jul 2023")
    page.locator("#id_covers_to").fill("7/23/2023")
    page.locator("button[name=action][value=save]").last.click()
    expect(page.locator("#id_covers_to_error")).to_contain_text("contohnya 31/8/2023 atau 31")
    expect(page.locator("#id_covers_to")).to_have_value("7/23/2023")
    expect(page.locator("#id_covers_from_words")).to_have_text(f"Isnin, 3{NBSP}Julai{NBSP}2023")


def test_window_label_follows_what_is_typed(open_draft: Callable[..., Page]) -> None:
    page = open_draft("en")
    label = page.locator("p[data-window-place]")
    expect(label).to_be_empty()
    for first, last, words in (
        ("1/7/2023", "31/8/2023", "Within the window"),
        ("1/3/2023", "1/5/2023", "Across the window’s edge"),
        ("1/3/2023", "2/3/2023", "Before the window"),
    ):
        page.locator("#id_covers_from").fill(first)
        page.locator("#id_covers_to").fill(last)
        expect(label).to_have_text(words)


def test_window_label_says_what_is_wrong_with_the_days(open_draft: Callable[..., Page]) -> None:
    page = open_draft("en")
    label = page.locator("p[data-window-place]")
    page.locator("#upload-input").set_input_files(
        [{"name": "Laporan.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}]
    )
    row = page.locator("[data-file]")
    expect(row).to_have_count(1)
    for first, last, words in (
        ("1/7/2023", "31/8/2023", "Within the window"),
        ("1/7/2023", "", ""),
        ("1/7/2023", "8/", ""),
        ("1/7", "8/9", "Within the window"),
        ("10/9/2023", "8/9/2023", "The end is before the start"),
        ("10/9/2023", "1/1/2024", "This date is in the future. Enter a date up to today."),
    ):
        page.locator("#id_covers_from").fill(first)
        page.locator("#id_covers_to").fill(last)
        expect(label).to_have_text(words)
        expect(row.locator("[data-window-place]")).to_have_text(words)
    page.locator("#upload-input").set_input_files(
        [{"name": "Mangsa 900101-14-5567.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}]
    )
    expect(page.locator("[data-upload]")).to_contain_text("Rename it and")
    row = row.first
    row.get_by_label("Same dates as the update, and classified no lower").uncheck()
    row.get_by_label("Proof from", exact=True).fill("10/9/2023")
    row.get_by_label("Proof to", exact=True).fill("8/9/2023")
    expect(row.locator("[data-window-place]")).to_have_text("The end is before the start")
    assert axe_faults(page) == []


def test_growing_bar_hides_no_field(open_draft: Callable[..., Page]) -> None:
    page = open_draft("ms", width=360)
    bar, field = page.locator(".send-bar"), page.locator("#id_covers_to")
    field.focus()
    low = "field => scrollBy(0, field.getBoundingClientRect().bottom + 4"
    field.evaluate(f"{low} - document.querySelector('.send-bar').getBoundingClientRect().top)")
    before = bar.bounding_box()
    page.context.set_offline(True)
    page.keyboard.type("31/8/2023")
    expect(page.locator("[data-autosave-retry]")).to_be_visible()
    page.wait_for_timeout(200)
    grown, seen = bar.bounding_box(), field.bounding_box()
    assert before
    assert grown
    assert seen
    assert grown["height"] > before["height"]
    assert seen["y"] + seen["height"] <= grown["y"]


def test_error_goes_with_what_it_was_about(open_draft: Callable[..., Page]) -> None:
    page = open_draft("en")
    page.get_by_label("In progress").check()
    for name, value in (("percent", "150"), ("covers_from", "10/9/2023"), ("covers_to", "8/9/2023")):
        page.locator(f"#id_{name}").fill(value)
    page.locator("button[name=action][value=submit]").click()
    summary, percent = page.locator("[data-summary]"), page.locator("#id_percent")
    expect(summary).to_contain_text("3 things need correcting")
    percent.fill("50")
    expect(summary).to_contain_text("2 things need correcting")
    expect(page.locator("#id_percent_error")).to_have_count(0)
    assert percent.get_attribute("aria-invalid") is None
    assert "_error" not in (percent.get_attribute("aria-describedby") or "")
    page.locator("#id_covers_from").fill("1/9/2023")
    expect(summary).to_contain_text("One thing needs correcting")
    expect(page.locator("#id_covers_to")).not_to_have_attribute("aria-invalid", "true")
    page.locator("#id_narrative").fill("Empat kursus telah diadakan.")
    expect(summary).to_have_count(0)
    expect(page.locator("[aria-invalid=true]")).to_have_count(0)


def test_file_follows_the_update_until_it_is_given_its_own_dates(open_draft: Callable[..., Page]) -> None:
    page = open_draft("en")
    page.locator("#id_covers_from").fill("1/7/2023")
    page.locator("#id_covers_to").fill("31/8/2023")
    page.locator("#upload-input").set_input_files(
        [
            {"name": f"Laporan {number}.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}
            for number in range(2)
        ]
    )
    rows = page.locator("[data-file]")
    expect(rows).to_have_count(2)
    row = rows.first
    first_day = row.get_by_label("Proof from", exact=True)
    expect(row).to_contain_text("Within the window")
    expect(first_day).to_be_hidden()
    row.get_by_label("Same dates as the update, and classified no lower").uncheck()
    expect(first_day).to_have_value("1/7/2023")
    first_day.fill("1/3/2023")
    row.get_by_label("Proof to", exact=True).fill("2/3/2023")
    row.get_by_label("Proof to", exact=True).blur()
    expect(row).to_contain_text("Before the window")
    expect(row.locator("[data-fact-status]")).to_have_text("Saved")
    expect(rows.last).to_contain_text("Within the window")
    expect(rows.last.get_by_label("Proof from", exact=True)).to_be_hidden()
    assert axe_faults(page) == []
