"""The form of a reminder rule: the next reminders follow what one changes, before anything is saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect

from recommendations.models import Assignment
from reminders.models import ReminderRule
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk
from tests.factories.reminders import make_rule
from tests.recommendations.conftest import make_desk

pytestmark = [pytest.mark.e2e, pytest.mark.long]


def test_next_reminders_follow_the_form(
    real_db: WorkerDatabase, clock: Clock, sit_down: Callable[..., Desk]
) -> None:
    world = make_desk(clock.move_to(NOW))
    Assignment.objects.update(next_due_on=date(2023, 9, 20), due_on=None)
    rule = make_rule(world.cycle, "update_due", first_days=-2)
    page = sit_down("en").sign_in(world.administrator.email).open(f"/reminders/rules/{rule.pk}/").page
    coming = page.locator("#coming")
    expect(coming).to_contain_text("Monday, 18 September 2023")
    expect(coming).to_contain_text(world.coordinator.name)
    days = page.get_by_label("First time: working days")
    days.fill("1")
    expect(coming).to_contain_text("Tuesday, 19 September 2023")
    expect(coming).to_contain_text("if you save it like this")
    expect(page.locator("#said")).to_contain_text("1 working day before")
    expect(days).to_be_focused()
    # Half typed, what was shown stays.
    days.fill("")
    page.wait_for_timeout(600)
    expect(coming).to_contain_text("Tuesday, 19 September 2023")
    assert ReminderRule.objects.get().first_days == -2
