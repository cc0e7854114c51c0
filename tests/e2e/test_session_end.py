"""A session that nobody uses: the page asks, one click goes on, and after the end what was typed comes back."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Browser, expect
from pytest_django import Settings

from accounts import session_limits
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = [pytest.mark.e2e, pytest.mark.long]

#: Seconds: the page warns after two thirds.
IDLE = 12
WORDS = {
    "ms": ("Adakah anda masih di sini?", "Kekal log masuk", "Sesi anda telah tamat", "Log masuk semula"),
    "en": ("Are you still there?", "Stay signed in", "You are signed out", "Sign in again"),
}


@pytest.mark.parametrize("language", ["ms", "en"])
def test_question_then_end_then_the_words_come_back(
    real_db: WorkerDatabase,
    clock: Clock,
    site: str,
    browser: Browser,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    clock.move_to(NOW)
    settings.SESSION_LIMITS = {"mapo": (IDLE, 3600), "agency": (IDLE, 3600)}
    monkeypatch.setattr(session_limits, "SEEN_EVERY", 0)
    person = UserFactory(email="pegawai@agensi.example", language=language)
    question, stay, over, again = WORDS[language]
    context = browser.new_context(base_url=site, viewport={"width": 360, "height": 780})
    context.add_cookies([{"name": "language", "value": language, "url": site}])
    page = context.new_page()

    def sign_in() -> None:
        page.locator("[name=login]").fill(person.email)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button[type=submit], form button[type=submit]").last.click()

    page.goto("/account/")
    sign_in()
    page.wait_for_url(re.compile(r"/account/$"))
    dialog = page.locator("#session-end")
    expect(dialog).to_be_hidden()
    page.locator("[name=post]").fill("Penolong Pengarah (Operasi)")

    expect(dialog.get_by_role("heading", name=question)).to_be_visible(timeout=IDLE * 1000)
    dialog.get_by_role("button", name=stay).click()
    expect(dialog).to_be_hidden()
    time.sleep(1)
    assert page.request.get("/account/sessions/left/").json()["seconds"] > 1

    expect(dialog.get_by_role("heading", name=over)).to_be_visible(timeout=3 * IDLE * 1000)
    dialog.get_by_role("button", name=again).click()
    page.wait_for_url(re.compile(r"/sign-in/"))
    sign_in()
    page.wait_for_url(re.compile(r"/account/$"))
    expect(page.locator("[name=post]")).to_have_value("Penolong Pengarah (Operasi)")
    context.close()
