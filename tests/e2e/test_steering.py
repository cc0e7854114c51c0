"""MAPO steers the whole state, in a real browser: in Malay and in English, on a phone and on a wide screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from accounts.models import Agency
from accounts.roles import Role
from audit import clock as audit_clock
from audit.models import Event
from recommendations.models import Assignment, Cycle
from recommendations.models.bulk import BulkAct
from recommendations.services import confirm_suggestions
from recommendations.states import AssignmentRole, Kind, Status
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk
from tests.factories.accounts import UserFactory
from tests.factories.recommendations import REPORTED, make_accepted
from ui import dates

pytestmark = pytest.mark.e2e

WIDTHS = {360: 780, 1440: 900}
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


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["ms", "en"])
def test_steering(steering: Steering, sit_down: Callable[..., Desk], language: str, width: int) -> None:
    desk = sit_down(language).sign_in(steering.reviewer.email)
    desk.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    _move_five_dates_and_undo(steering, desk)


def test_five_dates_are_moved_without_scripts(steering: Steering, sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("ms", scripts=False).sign_in(steering.reviewer.email)
    _move_five_dates_and_undo(steering, desk, look=lambda _desk: None)


def _is_sound(desk: Desk) -> None:
    """Axe finds nothing, and nothing is wider than the screen: for pages that only a POST shows."""
    page = desk.page
    viewport = page.viewport_size
    assert viewport is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    violations = Axe().run(page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"][:3]]) for each in violations] == []


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
    page.locator("button[name=kind][value=move_due]").click()
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
    desk.page.locator(button).click()
    desk.page.wait_for_load_state()
