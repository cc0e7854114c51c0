"""The agency's page under fingers and on paper: everything is chosen at once, errors come into sight, nothing is cut."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from accounts.models import Agency, User
from accounts.roles import Role
from recommendations.models import Cycle
from recommendations.services import confirm_suggestions
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk, is_sound
from tests.e2e.touch import small_targets
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.e2e, pytest.mark.long]
#: What takes the focus by Tab although it is off the page or not seen.
UNSEEN = """() => [...document.querySelectorAll("main a[href], main button, main input:not([type=hidden]), main select")]
    .filter((each) => each.tabIndex >= 0 && each.checkVisibility() && each.closest("thead"))
    .map((each) => each.outerHTML)"""


@pytest.fixture
def people(real_db: WorkerDatabase, clock: Clock) -> dict[Role, User]:
    """A coordinator and a reviewer; the real cycle, all of it confirmed."""
    clock.move_to(NOW)
    call_command("load_cycle", verbosity=0, stdout=StringIO())
    pdrm, kdn = (Agency.objects.get(code=code) for code in ("PDRM", "KDN"))
    reviewer = UserFactory(role=Role.REVIEWER, agency=kdn)
    confirm_suggestions(Cycle.objects.get().items.all(), actor=reviewer, now=NOW)
    return {Role.REVIEWER: reviewer, Role.COORDINATOR: UserFactory(role=Role.COORDINATOR, agency=pdrm)}


def _choose_all(page: Page) -> None:
    """Press the one box for all that is seen; nothing unseen takes the focus."""
    assert page.evaluate(UNSEEN) == []
    page.get_by_label("Choose all").locator("visible=true").check()
    boxes = page.locator("input[name=chosen]")
    expect(page.locator("input[name=chosen]:checked")).to_have_count(boxes.count())
    assert small_targets(page) == []
    is_sound(page)


def test_on_a_phone_all_is_chosen_and_an_error_comes_into_sight(
    people: dict[Role, User], sit_down: Callable[..., Desk]
) -> None:
    desk = sit_down("en", phone=True).sign_in(people[Role.COORDINATOR].email)
    page = desk.page
    page.set_viewport_size({"width": 360, "height": 780})
    desk.open("/our-agency/")
    page.get_by_role("button", name="Show what will change").click()
    told = page.get_by_text("Choose at least one item. Nothing was changed.")
    expect(told).to_be_in_viewport()
    expect(page.locator(".banner:focus")).to_have_count(1)
    _choose_all(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.get_by_label("Choose all").locator("visible=true")).to_be_checked()


def test_no_word_leaves_its_count(people: dict[Role, User], sit_down: Callable[..., Desk]) -> None:
    page = sit_down("ms").sign_in(people[Role.COORDINATOR].email).open("/our-agency/").page
    for width in (1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        counts = page.locator(".glance a")
        assert counts.count() > 5
        assert (
            counts.evaluate_all("(all) => all.filter((each) => each.scrollWidth > each.clientWidth).length")
            == 0
        )


def test_on_a_phone_mapo_chooses_all_assignments(
    people: dict[Role, User], sit_down: Callable[..., Desk]
) -> None:
    desk = sit_down("en", phone=True).sign_in(people[Role.REVIEWER].email)
    desk.page.set_viewport_size({"width": 360, "height": 780})
    desk.open("/assignments/?tab=confirmed&agency=PDRM")
    _choose_all(desk.page)


def test_on_paper_no_column_is_cut(people: dict[Role, User], sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("en").sign_in(people[Role.COORDINATOR].email).open("/our-agency/")
    first = PdfReader(BytesIO(desk.page.pdf(prefer_css_page_size=True))).pages[0]
    words: list[tuple[str, float]] = []
    first.extract_text(visitor_text=lambda text, _cm, tm, *_rest: words.append((text.strip(), tm[4])))
    assert "Verdict" in [text for text, _left in words]
    assert first.mediabox.width > first.mediabox.height
