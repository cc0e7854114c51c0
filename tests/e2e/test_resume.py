"""The session ends before a button is pressed: after sign-in one is where one was, with what one chose, and told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect

from accounts.models import Agency, StandIn
from accounts.roles import Role
from recommendations.models import Assignment, Cycle, Submission, Update
from recommendations.services import confirm_suggestions
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk, is_sound
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.recommendations import make_accepted, make_draft, make_submission

pytestmark = [pytest.mark.e2e, pytest.mark.long]


class Case:
    """An officer and a reviewer, and three assignments of the officer: accepted before, being written, and sent."""

    def __init__(self) -> None:
        agencies = {agency.code: agency for agency in Agency.objects.all()}
        self.reviewer = UserFactory(role=Role.REVIEWER, agency=agencies["KDN"])
        self.officer = UserFactory(role=Role.OFFICER, agency=agencies["PDRM"])
        self.colleague = UserFactory(role=Role.OFFICER, agency=agencies["PDRM"])
        confirm_suggestions(Cycle.objects.get().items.all(), actor=self.reviewer, now=NOW)
        told, drafted, sent = Assignment.objects.in_force().filter(agency=agencies["PDRM"]).order_by("pk")[:3]
        self.told = told
        make_accepted(told, actor=self.officer, reviewer=self.reviewer, now=NOW)
        self.draft: Update = make_draft(drafted, actor=self.officer, now=NOW)
        self.submission: Submission = make_submission(sent, actor=self.officer, now=NOW)


@pytest.fixture
def case(real_db: WorkerDatabase, clock: Clock) -> Case:
    """The real cycle, all of it confirmed."""
    clock.move_to(NOW)
    call_command("load_cycle", verbosity=0, stdout=StringIO())
    made = Case()
    clock.move_to(NOW + timedelta(days=1))
    return made


def press_signed_out(desk: Desk, email: str, press: Callable[[], None]) -> None:
    """End every session, press a button, and sign in again on the page that comes."""
    page = desk.page
    Session.objects.all().delete()
    press()
    page.wait_for_url(re.compile(r"/sign-in/"))
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def expect_told(page: Page, language: str, button: str) -> None:
    with override(language):
        words = gettext("Not done yet. Press “{button}” again.").replace("{button}", button)
        why = gettext("You had to sign in again, so nothing was sent or changed.")
    expect(page.locator("#not-done")).to_have_text(f"{words} {why}")


def test_officer_presses_after_the_session_has_ended(case: Case, sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("ms", phone=True).sign_in(case.officer.email)
    page, email = desk.page, case.officer.email

    desk.open(f"/people/{case.officer.pk}/stand-ins/")
    page.locator("select[name=colleague]").select_option(str(case.colleague.pk))
    name = page.locator("main form .btn--primary")
    press_signed_out(desk, email, name.click)
    expect(page).to_have_url(re.compile(rf"/people/{case.officer.pk}/stand-ins/$"))
    expect_told(page, "ms", name.inner_text())
    expect(page.locator("select[name=colleague]")).to_have_value(str(case.colleague.pk))
    assert not StandIn.objects.exists()
    is_sound(page)
    desk.open("/account/")
    expect(page.locator("#not-done")).to_have_count(0)

    desk.open(f"/items/{case.told.item_id}/")
    nothing_new = page.locator(f"form[action='/assignments/{case.told.pk}/nothing-new/'] button")
    words = nothing_new.inner_text()
    press_signed_out(desk, email, lambda: _agree(page, nothing_new.click))
    expect(page).to_have_url(re.compile(rf"/items/{case.told.item_id}/$"))
    expect_told(page, "ms", words)
    expect(nothing_new).to_be_focused()

    desk.open(f"/updates/{case.draft.pk}/edit/")
    page.locator("textarea[name=narrative]").fill("Kursus kedua telah diadakan.")
    send = page.locator("button[name=action][value=submit]")
    press_signed_out(desk, email, send.click)
    expect(page).to_have_url(re.compile(rf"/updates/{case.draft.pk}/edit/$"))
    expect_told(page, "ms", send.inner_text())
    expect(page.locator("textarea[name=narrative]")).to_have_value("Kursus kedua telah diadakan.")
    assert case.draft.submissions.count() == 0


def _agree(page: Page, press: Callable[[], None]) -> None:
    press()
    page.locator("#confirm button[value=yes]").click()


def test_reviewer_decides_after_the_session_has_ended(case: Case, sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("en").sign_in(case.reviewer.email)
    page = desk.page
    desk.open(f"/reviews/{case.submission.update_id}/")
    page.locator("input[name=decision][value=return]").check(force=True)
    page.locator("textarea[name=return_reason]").fill("Gambar tidak jelas.")
    button = page.locator("section .btn--primary:visible").last
    words = button.inner_text()
    press_signed_out(desk, case.reviewer.email, button.click)
    expect_told(page, "en", words)
    expect(page.locator("textarea[name=return_reason]")).to_have_value("Gambar tidak jelas.")
    expect(page.locator("input[name=decision][value=return]")).to_be_checked()
    is_sound(page)


def test_sign_in_page_promises_only_what_the_browser_keeps(case: Case, sit_down: Callable[..., Desk]) -> None:
    kept, lost = "What you typed is kept.", "What you typed could not be kept"
    for scripts, said, unsaid in ((True, kept, lost), (False, lost, kept)):
        desk = sit_down("en", scripts=scripts).sign_in(case.officer.email)
        desk.open(f"/updates/{case.draft.pk}/edit/")
        desk.page.locator("textarea[name=narrative]").fill("Kursus kedua telah diadakan.")
        Session.objects.all().delete()
        desk.page.locator("button[name=action][value=submit]").click()
        desk.page.wait_for_url(re.compile(r"/sign-in/"))
        shown = desk.page.locator("main").inner_text()
        assert said in shown and unsaid not in shown


def test_another_person_sees_nothing_of_the_first(case: Case, sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("en").sign_in_by_page(case.officer.email)
    page = desk.page
    desk.open(f"/people/{case.officer.pk}/stand-ins/")
    page.locator("select[name=colleague]").select_option(str(case.colleague.pk))
    press_signed_out(desk, case.colleague.email, page.locator("main form .btn--primary").click)
    expect(page).to_have_url(re.compile(r"/my-work/$"))
    expect(page.locator("#not-done")).to_have_count(0)
    assert page.evaluate("JSON.stringify({...sessionStorage})") == "{}"


def test_password_that_was_shown_is_not_kept(case: Case, sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("en").sign_in(case.officer.email)
    page = desk.page
    desk.open("/password/change/")
    for name in ("oldpassword", "password1", "password2"):
        page.locator(f"input[name={name}]").fill(f"Rahsia-{name}")
        page.locator(f".reveal:has(input[name={name}]) button").click()
        expect(page.locator(f"input[name={name}]")).to_have_attribute("type", "text")
    kept = _press_and_read_storage(page)
    assert "Rahsia" not in kept["storage"]
    assert kept["types"] == ["password"] * 3


def _press_and_read_storage(page: Page) -> dict[str, Any]:
    read = """() => {
        const form = document.querySelector("main form[method=post]");
        document.addEventListener("submit", (event) => event.preventDefault(), { once: true });
        form.requestSubmit();
        return {
            storage: JSON.stringify({ ...sessionStorage }),
            types: [...form.querySelectorAll(".reveal input")].map((field) => field.type),
        };
    }"""
    found: dict[str, Any] = page.evaluate(read)
    return found
