"""The browser is told by a cookie which of its sendings were done, and of no other."""

from __future__ import annotations

from django.test import Client
from pytest_django import Settings

from recommendations.models import Comment
from tests.recommendations.conftest import Desk, desk
from tests.recommendations.pages import browser_of

__all__ = ["desk"]
FIRST, SECOND = "a" * 32, "b" * 32


def _send(browser: Client, desk: Desk, *, text: str, sending: str) -> str:
    """Send a comment; return the cookie that the answer sets."""
    sent = {"text": text, "classification": "1", "sending": sending}
    answer = browser.post(f"/assignments/{desk.assignment.pk}/comments/", sent)
    return answer.cookies["arrived"].value if "arrived" in answer.cookies else ""


def test_sending_that_was_done_is_confirmed_beside_those_before(desk: Desk) -> None:
    browser = browser_of(desk.officer)
    assert _send(browser, desk, text="Satu", sending=FIRST) == FIRST
    assert _send(browser, desk, text="Dua", sending=SECOND) == f"{FIRST}.{SECOND}"
    assert Comment.objects.count() == 2


def test_form_that_is_shown_again_confirms_nothing(desk: Desk) -> None:
    assert _send(browser_of(desk.officer), desk, text="", sending=FIRST) == ""


def test_expired_session_confirms_nothing(desk: Desk) -> None:
    browser = browser_of(desk.officer)
    browser.logout()
    assert _send(browser, desk, text="Satu", sending=FIRST) == ""


def test_name_that_no_script_gave_is_not_echoed(desk: Desk) -> None:
    assert _send(browser_of(desk.officer), desk, text="Satu", sending="x; Domain=evil") == ""


def test_it_is_confirmed_under_a_name_bound_to_the_host(desk: Desk, settings: Settings) -> None:
    settings.ARRIVED_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "__Host-arrived", True
    browser = browser_of(desk.officer)
    sent = {"text": "Satu", "classification": "1", "sending": FIRST}
    cookie = browser.post(f"/assignments/{desk.assignment.pk}/comments/", sent).cookies["__Host-arrived"]
    assert (cookie.value, cookie["secure"], cookie["path"], cookie["domain"]) == (FIRST, True, "/", "")
