"""A real browser against a live server: the system's Chromium, one database for each test, real commits."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import axe_playwright_python
import pytest
from csp.constants import SELF
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import WSGIServer
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, connections
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django import DjangoDbBlocker, Settings

from accounts.models import User
from tests.conftest import WorkerDatabase
from tests.e2e.real_provider import RealProvider
from tests.factories.accounts import PASSWORD, last_person_cookie
from tests.shared import LAYERS
from tracker.house.programs import PROGRAMS

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
AXE_ADDRESS = "/static/axe.min.js"


@pytest.fixture(scope="session")
def browser(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Browser]:
    """One Chromium for the run of this worker; `make test` installs it or names the command that does."""
    path = PROGRAMS["chromium"].find()
    assert path is not None, "No Chromium on this machine: run `make test`, which installs it or says how."
    # While Playwright's loop runs in this thread, Django keeps other connections for it than before and afterwards.
    _close_connections(django_db_blocker)
    with sync_playwright() as playwright:
        # Django would take this thread for asynchronous code.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
        _close_connections(django_db_blocker)


def _close_connections(blocker: DjangoDbBlocker) -> None:
    with blocker.unblock():
        LAYERS.leave()
        connections.close_all()


class StaticFiles(StaticFilesHandler):
    """Serves the product's static files, and axe, which a browser asks for once in each of its windows."""

    def serve(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == AXE_ADDRESS:
            answer: HttpResponseBase = FileResponse(AXE.open("rb"), content_type="text/javascript")
        else:
            answer = super().serve(request)
        answer["Cache-Control"] = "max-age=3600"
        return answer


@pytest.fixture
def site(real_db: WorkerDatabase) -> Iterator[str]:
    """The address of a live server on this test's own database."""
    # A browser keeps its connections to the server; the server must not keep its own to a database that is made anew.
    kept_seconds = connection.settings_dict["CONN_MAX_AGE"]
    connection.settings_dict["CONN_MAX_AGE"] = 0
    thread = LiveServerThread("127.0.0.1", StaticFiles, connections_override={})
    yield _start(thread)
    thread.terminate()
    connections.close_all()
    connection.settings_dict["CONN_MAX_AGE"] = kept_seconds


def _start(thread: LiveServerThread) -> str:
    """Start a live server and return its address when it answers. Raises what stopped it from starting."""
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    return f"http://127.0.0.1:{thread.port}"


class QuietThread(LiveServerThread):
    """Answers one request after another, on the connection and in the transaction of the test."""

    def _create_server(self, connections_override: Any = None) -> WSGIServer:
        return WSGIServer((self.host, self.port), QuietWSGIRequestHandler, allow_reuse_address=False)


class QuietSite:
    """A live server in the transaction of whichever test asks: for pages that are only looked at."""

    def __init__(self) -> None:
        self._answering = Lock()
        self._is_open = False
        self._thread = QuietThread(
            "127.0.0.1", self._handler, connections_override={"default": connections["default"]}
        )
        connection.inc_thread_sharing()
        self.url = _start(self._thread)

    def open(self) -> None:
        """Answer from now on."""
        self._is_open = True

    def shut(self) -> None:
        """Answer nothing more: returns when nothing is being answered, so the test's transaction may end."""
        with self._answering:
            self._is_open = False

    def end(self) -> None:
        """Stop the server."""
        self._thread.terminate()
        connection.dec_thread_sharing()

    def _handler(self, application: WSGIHandler) -> WSGIHandler:
        handler = StaticFiles(application)

        def answer(environ: Any, start_response: Any) -> Any:
            # A page that stays open asks on by itself, and its request may arrive after the end of its test, as the
            # browser's for the icon of a picture. An error would stand in the console of the test that follows.
            with self._answering:
                if not self._is_open or environ["PATH_INFO"] == "/favicon.ico":
                    start_response("204 No Content", [])
                    return []
                response = handler(environ, start_response)
                try:
                    return [b"".join(response)]
                finally:
                    response.close()

        return answer


@pytest.fixture(scope="session")
def _quiet_site(browser: Browser) -> Iterator[QuietSite]:
    site = QuietSite()
    yield site
    site.end()


@pytest.fixture
def quiet_site(_quiet_site: QuietSite, db: None) -> Iterator[QuietSite]:
    """A live server on this test's own transaction, which answers one request after another."""
    # As Django's test client does: these would close a connection that is in a transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    _quiet_site.open()
    yield _quiet_site
    _quiet_site.shut()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@dataclass
class Desk:
    """A person at a browser of their own, in one language."""

    page: Page
    site: str
    language: str

    def sign_in(self, email: str) -> Desk:
        """Carry a session and the language in, and open the first page."""
        client, person = Client(), User.objects.get(email=email)
        client.force_login(person)
        self.carry(
            {
                settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
                settings.LANGUAGE_COOKIE_NAME: self.language,
                **last_person_cookie(person),
            }
        )
        return self.open("/")

    def carry(self, cookies: dict[str, str]) -> None:
        """Put cookies into the browser."""
        self.page.context.add_cookies(
            [{"name": name, "value": value, "url": self.site} for name, value in cookies.items()]
        )

    def sign_in_by_page(self, email: str) -> Desk:
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


@pytest.fixture
def provider(site: str, settings: Settings, tmp_path: Path) -> Iterator[RealProvider]:
    """A real provider of OpenID Connect, at which people of this site may sign in too."""
    with RealProvider(tmp_path, site) as made:
        settings.SITE_URL, settings.OIDC = site, made.settings()
        policy = settings.CONTENT_SECURITY_POLICY
        directives = {**policy["DIRECTIVES"], "form-action": [SELF, made.origin]}
        settings.CONTENT_SECURITY_POLICY = {**policy, "DIRECTIVES": directives}
        yield made


#: The structure of a page: its elements with their attributes, without words, addresses, tokens and times.
OUTLINE = """() => {
  const worded = /^(value|href|action|src|title|alt|placeholder|content|lang|nonce|label|aria-label|data-(?!bs-).*)$/;
  // The clock of the day: axe knows no colours of shapes, wherever they stand.
  const timed = /^(datetime|min|max|x2|cx)$/;
  const parts = [matchMedia("(prefers-color-scheme: dark)").matches];
  const walk = (element) => {
    parts.push("<", element.localName);
    for (const { name, value } of element.attributes) {
      // Which of both languages is pressed is the only structure that differs between them.
      if (element.name === "language" && name === "aria-pressed") continue;
      parts.push(" ", name, worded.test(name) || timed.test(name) ? Boolean(value.trim()) : value);
    }
    parts.push(">");
    if (element.localName === "script") return;
    for (const child of element.childNodes) {
      if (child.nodeType === Node.ELEMENT_NODE) walk(child);
      else if (child.nodeType === Node.TEXT_NODE && child.data.trim()) parts.push("text");
    }
    parts.push("/");
  };
  walk(document.documentElement);
  return parts.join("");
}"""
#: Returns what axe finds as text: all that it says of a page is long, and few words of it are needed.
EXAMINE = """async () => {
  const { violations } = await axe.run({ resultTypes: ["violations"] });
  const faults = violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => node.target)]);
  return JSON.stringify(faults);
}"""
#: What axe found nothing on: (width, structure).
_sound: set[tuple[int, int]] = set()


def axe_faults(page: Page) -> list[str]:
    """Return what axe finds on the page: the rule and where, for the first three places.

    What axe says depends on the structure of a page and its style, not on its words: a structure on which it found
    nothing is not examined again in the other language, which is half of all visits.
    """
    assert page.viewport_size is not None
    structure = page.viewport_size["width"], hash(page.evaluate(OUTLINE))
    if structure in _sound:
        return []
    # From the site, the browser keeps axe compiled. A page that was put together in a test has no site.
    has_site = page.url.startswith("http")
    page.evaluate(
        f"import('{AXE_ADDRESS}').then(() => null)" if has_site else AXE.read_text(encoding="utf-8")
    )
    faults = json.loads(page.evaluate(EXAMINE))
    if not faults:
        _sound.add(structure)
    return [f"{rule} at {places}" for rule, places in faults]


def kept_keys(page: Page) -> list[str]:
    """What a tab keeps of what was typed, once the scripts of the page have run."""
    page.wait_for_load_state("domcontentloaded")
    keys: list[str] = page.evaluate(
        "Object.keys(sessionStorage).map((key) => key.split(':').slice(2).join(':'))"
    )
    return keys


def is_sound(page: Page) -> None:
    """The page fits its width, and axe finds nothing to mend on it."""
    # After a click, the document that comes may not have a root element yet.
    page.wait_for_load_state()
    viewport = page.viewport_size
    assert viewport is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert axe_faults(page) == []
