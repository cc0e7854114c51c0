"""Choosing a summary: the page follows what one changes, the address follows the page, and one stays where one was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from reports.services.making import make
from tests.conftest import Clock, WorkerDatabase
from tests.e2e.conftest import Desk
from tests.reports.conftest import Told, make_told
from tests.reports.makers import asked, ended

pytestmark = [pytest.mark.e2e, pytest.mark.long]
CHOOSE = "/summaries/"


@pytest.fixture
def world(real_db: WorkerDatabase, clock: Clock) -> Told:
    """The world of summaries, committed."""
    return make_told(clock)


def sent_by(page: Page, form: str) -> dict[str, str]:
    """What a form would send."""
    script = "form => Object.fromEntries(new FormData(document.getElementById(form)))"
    sent: dict[str, str] = page.evaluate(script, form)
    return sent


def test_preview_follows_what_is_changed(world: Told, sit_down: Callable[..., Desk]) -> None:
    person = world.people["reviewer"]
    desk = sit_down("en").sign_in(person.email).open(CHOOSE)
    page, count = desk.page, desk.page.locator("#count")
    expect(page.get_by_role("button", name="Show")).to_have_count(0)
    expect(count).to_have_text("2 recommendations and 1 weakness · 3 rows")

    page.evaluate("document.body.dataset.stays = 'yes'")
    full = page.get_by_label("Full, with accepted narratives")
    full.check()
    expect(count).to_have_text("2 recommendations and 1 weakness · 10 rows")
    expect(full).to_be_focused()
    assert "depth=full" in page.url
    assert sent_by(page, "make-form")["depth"] == "full"

    page.locator("summary", has_text="Filters").click()
    agency = page.get_by_label("Agency", exact=True)
    agency.focus()
    agency.select_option("PDRM")
    expect(count).to_have_text("1 recommendation · 4 rows")
    expect(agency).to_be_focused()
    expect(page.locator("#filters-count")).to_have_text("1")

    page.get_by_role("link", name="End of last month").click()
    expect(page.locator("#make-words")).to_contain_text("As at 31 August 2023")
    expect(page.get_by_role("textbox", name="As at")).to_have_value("31/8/2023")
    assert page.evaluate("document.body.dataset.stays") == "yes"

    before = count.text_content()
    page.reload()
    expect(count).to_have_text(before or "")
    page.get_by_role("button", name="Bahasa Melayu").first.click()
    expect(page.get_by_role("textbox", name="Setakat")).to_have_value("31/8/2023")
    assert "agency=PDRM" in page.url


def test_what_is_wrong_is_said_while_one_types_and_nothing_can_be_made(
    world: Told, sit_down: Callable[..., Desk]
) -> None:
    desk = sit_down("en").sign_in(world.people["officer"].email).open(CHOOSE)
    page = desk.page
    page.get_by_role("textbox", name="As at").fill("2023-09-20")
    expect(page.locator("#problem-day")).to_contain_text("is in the future")
    expect(page.get_by_role("textbox", name="As at")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#make")).to_be_hidden()
    page.get_by_role("textbox", name="As at").fill("2023-09-01")
    expect(page.locator("#make")).to_be_visible()
    expect(page.locator("#problem-day")).to_be_empty()
    expect(page.get_by_role("textbox", name="As at")).not_to_have_attribute("aria-invalid", "true")
    page.get_by_role("textbox", name="As at").fill("31/9/2023")
    page.keyboard.press("Tab")
    expect(page.locator("#problem-day")).to_contain_text("“31/9/2023” is not a valid date.")
    expect(page.locator("#id_day_words")).to_be_empty()
    expect(page.get_by_role("textbox", name="As at")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("textbox", name="As at").fill("1/9")
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="As at")).to_have_value("1/9/2023")
    expect(page.locator("#problem-day")).to_be_empty()
    expect(page.get_by_role("textbox", name="As at")).not_to_have_attribute("aria-invalid", "true")


def test_making_waits_for_what_was_changed_last(world: Told, sit_down: Callable[..., Desk]) -> None:
    """Whoever is quicker than the preview still gets what they chose."""
    desk = sit_down("en").sign_in(world.people["officer"].email).open(CHOOSE)
    page = desk.page
    page.evaluate(
        """() => {
            const ask = window.fetch;
            window.fetch = async (...asked) => { await new Promise((go) => setTimeout(go, 400)); return ask(...asked); };
            document.getElementById("make-form").addEventListener("submit", (event) => {
                event.preventDefault();
                document.body.dataset.sent = new FormData(event.target, event.submitter).get("depth")
                    + " " + event.submitter.value;
            });
        }"""
    )
    page.get_by_label("List of evidence").check()
    page.get_by_role("button", name="Word document").click()
    expect(page.locator("body")).to_have_attribute("data-sent", "evidence docx")


def test_without_scripts_a_button_shows_it(world: Told, sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("ms", scripts=False).sign_in(world.people["officer"].email).open(CHOOSE)
    page = desk.page
    page.get_by_label("Penuh, dengan penerangan yang diterima").check()
    page.get_by_role("button", name="Papar").click()
    expect(page.locator("#count")).to_have_text("2 syor dan 1 kelemahan · 8 baris")
    expect(page.get_by_label("Penuh, dengan penerangan yang diterima")).to_be_checked()
    assert "depth=full" in page.url


@pytest.mark.parametrize("scripts", [True, False])
def test_page_says_at_once_that_a_colleagues_summary_was_downloaded(
    world: Told, sit_down: Callable[..., Desk], scripts: bool
) -> None:
    report = asked(world, "administrator")
    make(report.pk, now=world.now)
    reviewer = world.people["reviewer"]
    desk = sit_down("en", scripts=scripts).sign_in(reviewer.email)
    page = desk.open(f"/summaries/{report.pk}/").page
    expect(page.locator("main")).to_contain_text("Nobody has downloaded it yet.")
    link = page.get_by_role("link", name="Download", exact=True)
    with page.expect_download():
        if scripts:
            said = link.evaluate("(link) => { link.click(); return link.parentElement.innerText; }")
            assert "The download has begun. Below you see when it has ended." in said
        else:
            link.click()
    if not scripts:
        ended(report)
        page.goto(page.url.replace(f"/summaries/{report.pk}/", "/summaries/made/"))
        page.go_back()
    downloads = page.locator("section", has=page.locator("#downloads-title"))
    expect(downloads).to_contain_text("Downloaded in full", timeout=8000)
    expect(downloads).to_contain_text(reviewer.name)
