"""What only a browser shows of the look: what is covered, and what stands where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, Route
from pytest_django import Settings

from accounts.models import User
from tests.e2e.conftest import QuietSite, axe_faults
from tests.e2e.test_every_page import NARROW
from tests.evidence import files
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED
from tests.recommendations.conftest import Desk, desk

pytestmark = [pytest.mark.e2e, pytest.mark.long]
__all__ = ["desk"]

#: The focused field, and whether a bar at the foot covers any of it.
COVERED = """() => {
  const field = document.activeElement, bar = document.querySelector(".send-bar");
  if (field === document.body || bar.contains(field)) return "";
  const box = field.getBoundingClientRect(), top = bar.getBoundingClientRect().top;
  return box.bottom > top ? `${field.name || field.textContent.trim()}: ${Math.round(box.bottom - top)} px` : "";
}"""

#: Keeps what is said of files on their way.
KEEP_WORDS = """() => {
  window.said = [];
  const keep = () => window.said.push(document.querySelector("[data-files] [data-words]")?.textContent ?? "");
  const watch = new MutationObserver(() => document.querySelector("[data-files] [data-words]") && keep());
  watch.observe(document.querySelector("[data-files]"), { childList: true, subtree: true, characterData: true });
}"""


@pytest.fixture
def phone(browser: Browser, quiet_site: QuietSite) -> Iterator[Page]:
    context = browser.new_context(viewport=NARROW, timezone_id="Asia/Kuala_Lumpur")
    context.set_default_timeout(60_000)
    page = context.new_page()
    yield page
    page.goto(f"{quiet_site.url}/static/ui/mark.svg")
    context.close()


def _open(page: Page, site: QuietSite, person: User, path: str) -> None:
    """Open a page as a person, in English."""
    client = Client()
    client.force_login(person)
    cookies = {
        settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        settings.LANGUAGE_COOKIE_NAME: "en",
    }
    page.context.add_cookies(
        [{"name": name, "value": value, "url": site.url} for name, value in cookies.items()]
    )
    page.goto(site.url + path)


def test_the_bar_at_the_foot_never_covers_what_has_the_focus(
    phone: Page, quiet_site: QuietSite, desk: Desk
) -> None:
    draft = desk.draft()
    _open(phone, quiet_site, desk.officer, reverse("recommendations:update_edit", args=[draft.pk]))
    covered = set()
    for _step in range(45):
        phone.keyboard.press("Tab")
        covered.add(phone.evaluate(COVERED))
    assert covered == {""}


def test_the_bar_says_in_one_line_when_the_draft_was_saved(
    phone: Page, quiet_site: QuietSite, desk: Desk
) -> None:
    phone.set_viewport_size({"width": 1440, "height": 900})
    _open(phone, quiet_site, desk.officer, reverse("recommendations:update_edit", args=[desk.draft().pk]))
    said = phone.locator("[data-autosave-text]")
    assert said.inner_text()
    assert said.evaluate("(text) => text.clientHeight || text.getBoundingClientRect().height") == 20


def test_a_file_row_says_its_kind_and_scan_and_keeps_the_extension_of_a_long_name(
    phone: Page, quiet_site: QuietSite, desk: Desk, settings: Settings
) -> None:
    settings.SCANNER = "clamav"
    draft = desk.draft()
    _open(phone, quiet_site, desk.officer, reverse("recommendations:update_edit", args=[draft.pk]))
    name = "Laporan taklimat ladang dan kilang Julai hingga September 2023.pdf"
    phone.locator("#upload-input").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": files.pdf()}
    )
    row = phone.locator("[data-files] > [data-file]")
    row.wait_for()
    assert row.locator("[data-kind]").text_content() == "PDF"
    assert row.locator("[data-scan]").inner_text().strip() == "Being scanned"
    _is_one_name_cut_in_its_middle(row.locator(".file-name"), name)
    assert f'link "{name}"' in row.aria_snapshot()
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_a_file_name_that_identifies_somebody_is_told_within_the_phone(
    phone: Page, quiet_site: QuietSite, desk: Desk
) -> None:
    draft = desk.draft()
    _open(phone, quiet_site, desk.officer, reverse("recommendations:update_edit", args=[draft.pk]))
    named = {"name": "Mangsa KP 900101-14-5567.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}
    phone.locator("#upload-input").set_input_files(named)
    phone.locator("[data-upload]").get_by_text("identify").first.wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_a_file_on_its_way_is_cut_as_one_that_has_arrived_and_says_what_it_waits_for(
    phone: Page, quiet_site: QuietSite, desk: Desk
) -> None:
    draft = desk.draft()
    _open(phone, quiet_site, desk.officer, reverse("recommendations:update_edit", args=[draft.pk]))
    phone.evaluate(KEEP_WORDS)
    held: list[Route] = []
    phone.route("**/evidence/**", lambda route: held.append(route))
    name = "Laporan taklimat ladang dan kilang Julai hingga September 2023.pdf"
    phone.locator("#upload-input").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": files.pdf()}
    )
    _is_one_name_cut_in_its_middle(phone.locator("[data-files] > .file .file-name"), name)
    held[0].continue_()
    phone.locator("[data-files] > [data-file]").wait_for()
    said = phone.evaluate("window.said")
    assert said[-1] == "Uploaded 1 KB. Saving the file."
    assert not [words for words in said if "1 KB of 1 KB" in words]


def _is_one_name_cut_in_its_middle(shown: Locator, name: str) -> None:
    """Whether a name is read and copied as one, while the eyes see it cut."""
    assert (shown.get_attribute("title"), shown.inner_text()) == (name, name)
    copied = "(box) => { getSelection().selectAllChildren(box); return getSelection().toString(); }"
    assert shown.evaluate(copied) == name
    cut = "(box) => box.firstElementChild.scrollWidth > box.firstElementChild.clientWidth"
    assert shown.evaluate(cut)
    assert shown.evaluate("(box) => getComputedStyle(box, '::after').content").startswith(f'"{name[-13:]}"')


def test_the_header_shows_who_is_signed_in(phone: Page, quiet_site: QuietSite, desk: Desk) -> None:
    desk.officer.name = "Nor Azlina binti Ahmad"
    desk.officer.save()
    _open(phone, quiet_site, desk.officer, reverse("recommendations:items"))
    head, menu = phone.locator(".header"), phone.locator(".header__tools .menu")
    assert not head.locator(".menu__name").is_visible()
    menu.locator("summary").click()
    assert menu.get_by_text("Nor Azlina binti Ahmad").last.is_visible()
    for width in (1200, 1280, 1440):
        phone.set_viewport_size({"width": width, "height": 800})
        assert head.locator(".menu__name").is_visible()
        assert phone.evaluate("document.documentElement.scrollWidth") <= width


def test_a_long_file_name_leaves_the_list_of_evidence_as_wide_as_the_phone(
    phone: Page, quiet_site: QuietSite, desk: Desk
) -> None:
    name = "Laporan taklimat ladang dan kilang Julai hingga September 2023.pdf"
    make_document(desk.agency, actor=desk.officer, now=desk.now, name=name)
    _open(phone, quiet_site, desk.officer, reverse("evidence:list"))
    assert phone.locator(".table-wrap").evaluate("(wrap) => wrap.scrollWidth - wrap.clientWidth") == 0


def test_the_overview_of_a_phone_shows_two_whole_lines_of_an_item(
    phone: Page, quiet_site: QuietSite, desk: Desk
) -> None:
    _open(phone, quiet_site, desk.reviewer, reverse("overview:overview"))
    text = phone.locator("a.clamp").first
    assert text.evaluate("(a) => a.clientHeight - 2 * parseFloat(getComputedStyle(a).lineHeight)") == 0


def test_a_field_for_a_file_speaks_the_language_of_the_page(
    phone: Page, quiet_site: QuietSite, desk: Desk
) -> None:
    _open(phone, quiet_site, desk.officer, reverse("reports:verify"))
    field = phone.locator(".file-input")
    assert field.text_content() == "Choose a fileNo file chosen"
    phone.get_by_label("File", exact=True).set_input_files(
        {"name": "Kertas.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}
    )
    assert field.locator(".file-input__name").text_content() == "Kertas.pdf"


def test_an_at_sign_offers_the_people_who_read_the_comment(
    phone: Page, quiet_site: QuietSite, desk: Desk
) -> None:
    desk.reviewer.name = "Nor Azlina"
    desk.reviewer.save()
    _open(phone, quiet_site, desk.officer, reverse("recommendations:comments", args=[desk.assignment.pk]))
    text, offered = phone.locator("#id_text"), phone.locator("#mentions-offered > li:visible")
    text.press_sequentially("Sila semak, @")
    names = offered.all_text_contents()
    assert "Nor Azlina, MAPO" in names and not any(desk.outsider.name in name for name in names)
    text.press_sequentially("az")
    assert offered.all_text_contents() == ["Nor Azlina, MAPO"]
    assert text.get_attribute("aria-activedescendant") == offered.get_attribute("id")
    assert axe_faults(phone) == []
    text.press("Enter")
    assert text.input_value() == "Sila semak, @Nor Azlina " and offered.count() == 0
    assert phone.get_by_label("Nor Azlina, MAPO").is_checked()
    text.press_sequentially("dan @zzz")
    assert offered.count() == 0
    text.press_sequentially(" @")
    text.press("Escape")
    assert offered.count() == 0 and text.input_value().endswith("@zzz @")


def test_a_long_file_name_pushes_no_column_out_of_its_table(
    phone: Page, quiet_site: QuietSite, desk: Desk
) -> None:
    name = "Laporan serbuan bersama sektor sawit negeri Sabah dan Sarawak bilangan 4 tahun 2023.pdf"
    document = make_document(
        desk.agency,
        actor=desk.officer,
        now=desk.now,
        name=name,
        evidence_from=date(2023, 8, 16),
        evidence_to=date(2023, 9, 6),
    )
    submission = desk.submission(replace(REPORTED, document_ids=frozenset([document.pk])))
    phone.set_viewport_size({"width": 1440, "height": 900})
    for person, path in (
        (desk.reviewer, reverse("recommendations:review", args=[submission.update_id])),
        (desk.officer, reverse("recommendations:item", args=[desk.assignment.item_id])),
    ):
        _open(phone, quiet_site, person, path)
        table = phone.locator(".table-wrap", has=phone.locator(".file-line"))
        assert table.evaluate("(wrap) => wrap.scrollWidth - wrap.clientWidth") == 0


def test_the_bar_below_assignments_leaves_room_for_what_has_the_focus(
    phone: Page, quiet_site: QuietSite, desk: Desk
) -> None:
    phone.set_viewport_size({"width": 1000, "height": 800})
    _open(phone, quiet_site, desk.reviewer, reverse("recommendations:assignments") + "?tab=confirmed")
    bar, room = phone.evaluate(
        """() => [document.querySelector(".card__foot--kept").offsetHeight,
          parseFloat(getComputedStyle(document.documentElement).scrollPaddingBottom)]"""
    )
    assert bar < room


def test_a_long_post_leaves_the_name_of_a_person_on_one_line(
    phone: Page, quiet_site: QuietSite, desk: Desk
) -> None:
    desk.officer.post = "Penolong Pengarah Kanan (Penguatkuasaan)"
    desk.officer.unit = "Bahagian Penguatkuasaan, Unit Pemerdagangan Orang dan Buruh Paksa"
    desk.officer.name, desk.officer.telephone = "Pegawai PDRM", "03-8000 8000 samb. 2431 / 019-345 6789"
    desk.officer.save()
    for width in (360, 1440):
        phone.set_viewport_size({"width": width, "height": 900})
        _open(phone, quiet_site, desk.officer, reverse("recommendations:contacts"))
        person = phone.locator(".person", has=phone.get_by_text(desk.officer.name, exact=True))
        height = "(each) => Math.round(each.getBoundingClientRect().height)"
        assert person.get_by_text(desk.officer.name, exact=True).evaluate(height) <= 24
        assert person.evaluate(height) < 200
        assert phone.evaluate("document.documentElement.scrollWidth") <= width
