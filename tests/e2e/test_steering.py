"""MAPO steers the whole state, in a real browser: in Malay on a phone, in English on a wide screen.

What is seen on the way is looked at in both widths, in each language.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils.translation import gettext, override
from playwright.sync_api import Page, ViewportSize, expect

from accounts.models import Agency, User
from accounts.roles import Role
from audit import clock as audit_clock
from audit.models import Event
from bulk.models import BulkAct
from demo.samples import sample_document
from evidence.tasks import extract_text
from recommendations.models import Assignment, Cycle, Item
from recommendations.services import confirm_suggestions
from recommendations.states import AssignmentRole, ItemKind, Status
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk, is_sound
from tests.factories.accounts import UserFactory
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED, make_accepted
from ui import dates

pytestmark = [pytest.mark.e2e, pytest.mark.long]

PHONE, WIDE = ViewportSize(width=360, height=780), ViewportSize(width=1440, height=900)
in_two_languages = pytest.mark.parametrize(
    ("language", "size"), [("ms", PHONE), ("en", WIDE)], ids=["ms", "en"]
)
#: What the five dates are moved to, and what they were.
MOVED, LATE = date(2023, 11, 30), date(2023, 9, 10)


class Steering:
    """A reviewer of MAPO, and a cycle in which five assignments of one agency are late."""

    def __init__(self) -> None:
        agencies = {agency.code: agency for agency in Agency.objects.all()}
        self.reviewer = UserFactory(role=Role.REVIEWER, agency=agencies["KDN"])
        confirm_suggestions(Cycle.objects.get().items.all(), actor=self.reviewer, now=audit_clock.now())
        self.agency = agencies["PDRM"]
        ours = Assignment.objects.in_force().filter(agency=self.agency).order_by("pk")
        self.late = list(ours[:5])
        Assignment.objects.filter(pk__in=[each.pk for each in self.late]).update(next_due_on=LATE)

    def dates(self) -> set[date | None]:
        found = Assignment.objects.filter(pk__in=[each.pk for each in self.late])
        return set(found.values_list("next_due_on", flat=True))


@pytest.fixture
def steering(real_db: WorkerDatabase, clock: Clock) -> Steering:
    """The real cycle, all of it confirmed."""
    clock.move_to(NOW)
    call_command("load_cycle", verbosity=0, stdout=StringIO())
    return Steering()


@in_two_languages
def test_steering(
    steering: Steering, sit_down: Callable[..., Desk], language: str, size: ViewportSize
) -> None:
    desk = sit_down(language).sign_in(steering.reviewer.email)
    desk.page.set_viewport_size(size)
    _move_five_dates_and_undo(steering, desk)


def test_five_dates_are_moved_without_scripts(steering: Steering, sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("ms", scripts=False).sign_in(steering.reviewer.email)
    _move_five_dates_and_undo(steering, desk, look=lambda _desk: None)


def _is_sound(desk: Desk) -> None:
    """Look at the page in both widths."""
    size = desk.page.viewport_size
    assert size is not None
    for each in (PHONE, WIDE):
        desk.page.set_viewport_size(each)
        is_sound(desk.page)
    desk.page.set_viewport_size(size)


def _move_five_dates_and_undo(
    steering: Steering, desk: Desk, *, look: Callable[[Desk], None] = _is_sound
) -> None:
    """The reviewer moves five due dates at once, after a look at what will change, and undoes it."""
    page = desk.page
    desk.open(f"/assignments/?tab=confirmed&agency={steering.agency.code}&late=1")
    boxes = page.locator("input[name=chosen]")
    expect(boxes).to_have_count(5)
    for box in boxes.all():
        box.check()
    _press(desk, "button[name=kind][value=move_due]")
    look(desk)
    page.locator("#id_to_day").fill("2024-04-01")
    _press(desk, "main form .btn--primary")
    look(desk)
    with override(desk.language):
        refusal = gettext("Choose a day within the assessment window.")
    expect(page.locator("main tbody")).to_contain_text(refusal)
    page.locator("details.confirm > summary").click()
    page.locator("#id_to_day").fill(MOVED.isoformat())
    _press(desk, "details.confirm .btn--primary")
    look(desk)
    assert steering.dates() == {LATE} and not BulkAct.objects.exists()
    _press(desk, "form[action*='/bulk/apply/'] .btn--primary")
    page.wait_for_url(re.compile(r"/assignments/\?"))
    assert steering.dates() == {MOVED}
    assert Event.objects.filter(action="assignment.changed").count() == 5
    _press(desk, ".toast__undo")
    page.wait_for_url(re.compile(r"/bulk/acts/\d+/$"))
    look(desk)
    assert steering.dates() == {LATE}
    assert Event.objects.filter(action="assignment.move_undone").count() == 5


def _press(desk: Desk, button: str) -> None:
    """Press a button that leads to another page, and wait until that one stands: the old one counts as loaded too."""
    with desk.page.expect_navigation(wait_until="load"):
        desk.page.locator(button).click()


class Overviewed:
    """A cycle confirmed in July, of which one recommendation is taken up in August; by September all is late."""

    def __init__(self, clock: Clock) -> None:
        agencies = {agency.code: agency for agency in Agency.objects.all()}
        self.reviewer = UserFactory(role=Role.REVIEWER, agency=agencies["KDN"])
        self.agency = agencies["JTK"]
        officer = UserFactory(role=Role.OFFICER, agency=self.agency)
        confirm_suggestions(Cycle.objects.get().items.all(), actor=self.reviewer, now=audit_clock.now())
        leads = Assignment.objects.in_force().filter(agency=self.agency, role=AssignmentRole.LEAD)
        self.told = leads.select_related("item").get(item__kind=ItemKind.RECOMMENDATION)
        now = clock.move_to(NOW - timedelta(days=20))
        content = replace(REPORTED, covers_to=now.date())
        make_accepted(self.told, actor=officer, reviewer=self.reviewer, now=now, content=content)

    def late(self) -> int:
        late = Assignment.objects.in_force().filter(agency=self.agency, next_due_on__lt=NOW.date())
        return late.count()


@pytest.fixture
def overviewed(real_db: WorkerDatabase, clock: Clock) -> Overviewed:
    """The real cycle with a past."""
    clock.move_to(NOW - timedelta(days=56))
    call_command("load_cycle", verbosity=0, stdout=StringIO())
    made = Overviewed(clock)
    clock.move_to(NOW)
    return made


@in_two_languages
def test_overview_answers_in_two_clicks_and_on_any_day(
    overviewed: Overviewed, sit_down: Callable[..., Desk], language: str, size: ViewportSize
) -> None:
    desk = sit_down(language).sign_in(overviewed.reviewer.email)
    desk.page.set_viewport_size(size)
    _find_what_is_overdue_for_one_agency(overviewed, desk)
    _see_the_state_as_at_1_august(overviewed, desk)


def _find_what_is_overdue_for_one_agency(overviewed: Overviewed, desk: Desk) -> None:
    """From the overview: first what is late, then the agency."""
    page = desk.open("/overview/").page
    page.locator("a.need[href*='show=late']").click()
    page.locator(".found a[href*='agency=JTK']").click()
    rows = page.locator(".found tbody tr")
    expect(rows).to_have_count(overviewed.late())
    for row in rows.all():
        expect(row.locator("th")).to_contain_text(overviewed.agency.code)
        expect(row).to_contain_text(dates.day(date(2023, 8, 19), language=desk.language))
    _is_sound(desk)


def _see_the_state_as_at_1_august(overviewed: Overviewed, desk: Desk) -> None:
    """Today the recommendation is in progress; on 1 August nothing had been done, and the page says it is past."""
    page = desk.open("/overview/?kind=recommendation").page
    cell = page.locator(f".matrix a[href^='/items/{overviewed.told.item_id}/'][title^='JTK']")
    with override(desk.language):
        words = {status: str(status.label) for status in (Status.NONE, Status.PROGRESS)}
    expect(cell).to_have_attribute("title", re.compile(words[Status.PROGRESS]))
    page.locator("#day").fill("2023-08-01")
    page.locator(".as-at button[type=submit]").click()
    page.wait_for_url(re.compile("day=2023-08-01"))
    then = dates.day(date(2023, 8, 1), language=desk.language)
    expect(page.locator(".banner--info")).to_contain_text(then)
    expect(page).to_have_title(re.compile(then))
    expect(cell).to_have_attribute("title", re.compile(words[Status.NONE]))
    expect(page.locator("#filter-kind")).to_have_value("recommendation")
    _is_sound(desk)


#: Stands in one PDF file of PDRM, and nowhere else.
WORD = "balai kelapa muda"


@dataclass
class Library:
    """A cycle of which one agency has a file with words of its own, and somebody at another agency."""

    reviewer: User
    officer: User
    outsider: User
    item: Item

    @classmethod
    def make(cls) -> Library:
        agencies = {agency.code: agency for agency in Agency.objects.all()}
        reviewer = UserFactory(role=Role.REVIEWER, agency=agencies["KDN"])
        officer = UserFactory(role=Role.OFFICER, agency=agencies["PDRM"])
        outsider = UserFactory(role=Role.OFFICER, agency=agencies["MPOB"])
        confirm_suggestions(Cycle.objects.get().items.all(), actor=reviewer, now=audit_clock.now())
        content = sample_document("Laporan serbuan.pdf", agency="PDRM", text=f"Serbuan bermula di {WORD}.")
        document = make_document(
            agencies["PDRM"],
            actor=officer,
            now=audit_clock.now(),
            name="Laporan serbuan.pdf",
            content=content,
        )
        extract_text(document.pk)
        item = Item.objects.get(kind=ItemKind.RECOMMENDATION, number=2)
        return cls(reviewer, officer, outsider, item)


@pytest.fixture
def library(real_db: WorkerDatabase, clock: Clock) -> Library:
    """The real cycle, and a file that the worker has read."""
    clock.move_to(NOW)
    call_command("load_cycle", verbosity=0, stdout=StringIO())
    return Library.make()


@in_two_languages
def test_a_state_is_set_with_its_reason_and_a_word_is_found_inside_a_file(
    library: Library, sit_down: Callable[..., Desk], language: str, size: ViewportSize
) -> None:
    desk = sit_down(language).sign_in(library.reviewer.email)
    desk.page.set_viewport_size(size)
    _set_a_state_and_read_the_reason(library, desk)
    _find_a_word_that_stands_only_inside_a_file(desk)
    _find_nothing_from_another_agency(sit_down(language).sign_in(library.outsider.email))


def _set_a_state_and_read_the_reason(library: Library, desk: Desk) -> None:
    """The reviewer sets an item's state; the reason stands beside it, and on the overview a sign says so."""
    page, reason = desk.page, "Keputusan mesyuarat: pekeliling belum keluar."
    desk.open(f"/items/{library.item.pk}/")
    page.locator(f"a[href*='/items/{library.item.pk}/override/']").first.click()
    page.locator("label[for=id_status_1]").click()
    page.locator("input[name=percent]").fill("30")
    page.locator("textarea[name=reason]").fill(reason)
    _is_sound(desk)
    page.locator("main form .btn--primary").click()
    page.locator("dialog[open] .btn--primary").click()
    page.wait_for_url(re.compile(rf"/items/{library.item.pk}/"))
    expect(page.locator("main")).to_contain_text(reason)
    expect(page.locator("main")).to_contain_text("30%")
    _is_sound(desk)
    desk.open(f"/items/{library.item.pk}/history/")
    expect(page.locator("main")).to_contain_text(reason)


def _find_a_word_that_stands_only_inside_a_file(desk: Desk) -> None:
    page = _search(desk)
    expect(page.locator("main mark").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("Laporan serbuan.pdf")
    _is_sound(desk)


def _find_nothing_from_another_agency(desk: Desk) -> None:
    page = _search(desk)
    expect(page.locator(".empty")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Laporan serbuan")


def _search(desk: Desk) -> Page:
    """Ask for the words, by the page of search: the box in the header leads there."""
    desk.open("/search/")
    desk.page.locator("main input[name=q]").fill(f'"{WORD}"')
    desk.page.locator("main input[name=q]").press("Enter")
    desk.page.wait_for_url(re.compile("q="))
    return desk.page


@in_two_languages
def test_officers_are_named_for_nine_items_by_six_keys(
    steering: Steering, sit_down: Callable[..., Desk], language: str, size: ViewportSize
) -> None:
    """The coordinator names an officer for nine late items from the keyboard, and takes it back."""
    coordinator = UserFactory(role=Role.COORDINATOR, agency=steering.agency)
    officer = UserFactory(agency=steering.agency)
    rows = list(Assignment.objects.in_force().filter(agency=steering.agency).order_by("pk")[:9])
    ids = [row.pk for row in rows]
    Assignment.objects.filter(pk__in=ids).update(next_due_on=LATE)
    desk = sit_down(language).sign_in(coordinator.email)
    page, keys = desk.page, 0
    page.set_viewport_size(WIDE)

    def press(selector: str, key: str = "Enter") -> None:
        nonlocal keys
        target = page.locator(selector).locator("visible=true").first
        target.focus()
        page.keyboard.press(key)
        keys += 1

    press("a[href^='/our-agency/']")
    page.wait_for_url(re.compile(r"/our-agency/$"))
    press(".glance__count[href*='state=late']")
    page.wait_for_url(re.compile(r"state=late"))
    _is_sound(desk)
    press("input[data-select-all=chosen]", "Space")
    expect(page.locator("input[name=chosen]:checked")).to_have_count(9)
    press(f"input[name=officers][value='{officer.pk}']", "Space")
    press("#name-officers button[type=submit]")
    page.wait_for_url(re.compile(r"/bulk/officers/"))
    page.set_viewport_size(size)
    _is_sound(desk)
    expect(page.locator("main tbody tr")).to_have_count(9)
    press("form[action*='/officers/apply/'] .btn--primary")
    page.wait_for_url(re.compile(r"/our-agency/\?"))
    assert keys == 6
    named = Assignment.objects.filter(officers=officer)
    assert set(named.values_list("pk", flat=True)) == set(ids)
    page.locator(".toast__undo").click()
    page.wait_for_url(re.compile(r"/bulk/acts/"))
    _is_sound(desk)
    assert not named.exists()
