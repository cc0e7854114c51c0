"""A real browser against a live server: the system's Chromium, one database for each test, real commits."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connection, connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import WorkerDatabase
from tests.factories.accounts import PASSWORD
from tracker.house.programs import CHROMIUM

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run of this worker; `make test` installs it or names the command that does."""
    path = CHROMIUM.find()
    assert path is not None, "No Chromium on this machine: run `make test`, which installs it or says how."
    with sync_playwright() as playwright:
        # Playwright's loop runs in this thread; Django would take it for asynchronous code.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(real_db: WorkerDatabase) -> Iterator[str]:
    """The address of a live server on this test's own database."""
    # A browser keeps its connections to the server; the server must not keep its own to a database that is made anew.
    kept_seconds = connection.settings_dict["CONN_MAX_AGE"]
    connection.settings_dict["CONN_MAX_AGE"] = 0
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()
    connections.close_all()
    connection.settings_dict["CONN_MAX_AGE"] = kept_seconds


@dataclass
class Desk:
    """A person at a browser of their own, in one language."""

    page: Page
    site: str
    language: str

    def sign_in(self, email: str) -> Desk:
        """Sign in through the page, after choosing the language there."""
        self.page.goto(self.site)
        self.choose_language()
        self.page.locator("input[name=login]").fill(email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("input[name=password]").press("Enter")
        self.page.wait_for_load_state()
        return self

    def choose_language(self) -> None:
        """Press the language switch unless the page is in this language already."""
        if self.page.locator("html").get_attribute("lang") != self.language:
            self.page.locator(f"button[name=language][value={self.language}]").first.click()
            self.page.wait_for_load_state()

    def open(self, path: str) -> Desk:
        self.page.goto(self.site + path)
        return self


@pytest.fixture
def sit_down(browser: Browser, site: str) -> Iterator[object]:
    """Give a person a browser: `sit_down("ms")`; phone-wide with `phone=True`, without scripts with `scripts=False`."""
    contexts = []

    def make(language: str, *, phone: bool = False, scripts: bool = True) -> Desk:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        context = browser.new_context(
            viewport=size, locale="en-GB", timezone_id="Asia/Kuala_Lumpur", java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        return Desk(page, site, language)

    yield make
    for context in contexts:
        context.close()


def is_sound(page: Page) -> None:
    """The page fits its width, and axe finds nothing to mend on it."""
    viewport = page.viewport_size
    assert viewport is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    violations = Axe().run(page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"][:3]]) for each in violations] == []
