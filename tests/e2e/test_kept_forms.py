"""What is typed is kept in the browser, and never put back without a word."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from accounts.roles import Role
from tests.conftest import Clock, WorkerDatabase
from tests.e2e.conftest import Desk
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.e2e, pytest.mark.long]
ADD = "/reminders/rules/add/"


def test_kept_text_is_put_back_with_a_word_cleared_at_a_click_and_gone_after_cancel(
    clock: Clock, real_db: WorkerDatabase, sit_down: Callable[..., Desk]
) -> None:
    call_command("load_cycle", stdout=StringIO())
    desk = sit_down("en", phone=True).sign_in(UserFactory(role=Role.ADMINISTRATOR, language="en").email)
    page = desk.page
    number = page.get_by_label("First time: working days")
    told = page.get_by_text("What you typed was put back.")

    desk.open(ADD)
    expect(told).to_have_count(0)
    number.fill("7")
    desk.open("/reminders/rules/").open(ADD)
    expect(told).to_be_visible()
    expect(number).to_have_value("7")
    page.get_by_role("button", name="Clear").click()
    expect(number).to_have_value("")
    expect(told).to_have_count(0)
    desk.open(ADD)
    expect(number).to_have_value("")

    number.fill("8")
    page.get_by_role("link", name="Cancel").click()
    desk.open(ADD)
    expect(number).to_have_value("")
    expect(told).to_have_count(0)

    desk.open("/reminders/preview/")
    expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=1)
