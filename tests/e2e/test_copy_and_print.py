"""A copy button says that it copied, and Print prints with one press, also where the page is cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import expect
from pypdf import PdfReader

from accounts.models import Agency
from accounts.roles import Role
from recommendations.models import Assignment, Cycle, Item
from recommendations.queries.item_page_parts import FIRST_FILES
from recommendations.services import confirm_suggestions, override_item
from recommendations.states import Status
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk
from tests.factories.accounts import UserFactory
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED, make_accepted

pytestmark = [pytest.mark.e2e, pytest.mark.long]
#: Written where a test can wait for it: the pages let no script be evaluated.
COUNT_PRINTS = """window.prints = 0;
window.print = () => (document.documentElement.dataset.prints = window.prints += 1);"""


def test_copy_says_so_and_a_long_item_prints_with_one_press(
    real_db: WorkerDatabase, clock: Clock, sit_down: Callable[..., Desk]
) -> None:
    clock.move_to(NOW)
    call_command("load_cycle", verbosity=0, stdout=StringIO())
    pdrm, kdn = (Agency.objects.get(code=code) for code in ("PDRM", "KDN"))
    reviewer = UserFactory(role=Role.REVIEWER, agency=kdn)
    officer = UserFactory(role=Role.OFFICER, agency=pdrm)
    confirm_suggestions(Cycle.objects.get().items.all(), actor=reviewer, now=NOW)
    assignment = Assignment.objects.in_force().filter(agency=pdrm).order_by("pk")[0]
    made = [make_document(pdrm, actor=officer, now=NOW) for _ in range(FIRST_FILES + 1)]
    content = replace(REPORTED, document_ids=frozenset(document.pk for document in made))
    make_accepted(assignment, actor=officer, reviewer=reviewer, now=NOW, content=content)

    desk = sit_down("en").sign_in(officer.email)
    page = desk.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script(COUNT_PRINTS)
    desk.open(f"/evidence/{made[0].pk}/")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == made[0].sha256
    expect(page.get_by_text("Copied")).to_have_count(0)
    page.context.clear_permissions()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException()); }")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status").filter(has_text="Not copied: this browser does not")).to_be_visible()

    desk.open(f"/items/{assignment.item_id}/")
    page.get_by_role("link", name="Print").click()
    expect(page.locator("html")).to_have_attribute("data-prints", "1")
    assert page.url.endswith("?all=1")
    page.reload()
    assert page.evaluate("window.prints") == 0
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.prints") == 1


#: How far each column of the table of items reaches over the edge of its page, in pixels.
OVERHANG = """() => {
  const edge = document.querySelector(".print-frame").getBoundingClientRect().right;
  return [...document.querySelectorAll(".matrix .matrix__agency, .matrix .cell")]
    .map((each) => Math.round(each.getBoundingClientRect().right - edge));
}"""
LONG_REASON = " ".join(["Semakan susulan akan dibuat oleh Sekretariat pada mesyuarat akan datang."] * 4)
#: A4 on its side without the margins, in pixels.
LANDSCAPE = {"width": 1031, "height": 718}


def test_overview_prints_on_two_pages_with_every_column(
    real_db: WorkerDatabase, clock: Clock, sit_down: Callable[..., Desk]
) -> None:
    clock.move_to(NOW)
    call_command("load_cycle", verbosity=0, stdout=StringIO())
    pdrm, kdn = (Agency.objects.get(code=code) for code in ("PDRM", "KDN"))
    reviewer, officer = (
        UserFactory(role=Role.REVIEWER, agency=kdn),
        UserFactory(role=Role.OFFICER, agency=pdrm),
    )
    confirm_suggestions(Cycle.objects.get().items.all(), actor=reviewer, now=NOW)
    for assignment in Assignment.objects.in_force().filter(agency=pdrm).order_by("pk")[:4]:
        make_accepted(assignment, actor=officer, reviewer=reviewer, now=NOW)
    for item in Item.objects.actionable().in_order()[:3]:
        override_item(item, status=Status.DONE, percent=100, reason=LONG_REASON, actor=reviewer, now=NOW)
    codes = set(Assignment.objects.in_force().values_list("agency__code", flat=True))
    assert len(codes) > 12
    for language, words in (("ms", ("Status", "Hari")), ("en", ("Needs your attention", "Day"))):
        page = sit_down(language).sign_in(reviewer.email).open("/overview/").page
        first, second = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
        assert first.mediabox.width > first.mediabox.height
        told, shown = ("".join(each.extract_text().split()) for each in (first, second))
        assert [word for word in words if word.replace(" ", "") not in told] == []
        page.emulate_media(media="print")
        page.set_viewport_size(LANDSCAPE)
        overhang = page.evaluate(OVERHANG)
        assert len(overhang) > len(codes) and max(overhang) <= 0
        assert page.locator(".matrix tbody tr:not(.matrix__group)").count() == 21
        assert [code for code in codes if code not in shown] == []
