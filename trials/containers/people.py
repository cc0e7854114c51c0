"""Who uses the site: browsers that reach it through nginx with TLS, invited by a link, with a second factor where it is asked."""

from __future__ import annotations

import base64
import hmac
import re
import ssl
import struct
import time
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from attacks.browser import SECONDS, Answer, Browser
from attacks.instance import HOST, DemoPerson, Site
from trials.releases import TrialFailed

PASSWORD = "a long sentence that only the trial knows"  # noqa: S105 - of an installation that ends with the trial.
_KEY = re.compile(r"data-secret>([^<]+)<")
_APP = "/account/second-factor/app/"
#: Stands on every page of somebody who signed in.
SIGNED_IN = "data-signout"


class Port443(HTTPSConnection):
    """A connection to the loopback address that checks the certificate of the site's name."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__("127.0.0.1", 443, context=context, timeout=SECONDS)
        self._of_site = context

    def connect(self) -> None:
        HTTPConnection.connect(self)
        self.sock = self._of_site.wrap_socket(self.sock, server_hostname=HOST)


class _Front(Site):
    """The site at its usual port."""

    @property
    def origin(self) -> str:
        return f"https://{HOST}"


class VisitorBrowser(Browser):
    """A browser at the site's usual port."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(_Front(Path("/"), 0, 443))
        self._context = context

    def _connected(self) -> HTTPConnection:
        if self._connection is None:
            self._connection = Port443(self._context)
        return self._connection

    def accept_invitation(self, link: str) -> None:
        """Open the link of an invitation and choose a password. Raises TrialFailed."""
        page = self.follow(_path(link))
        form = next((form for form in page.forms() if any("password" in name for name in form.fields)), None)
        if form is None:
            raise TrialFailed(f"the link of an invitation shows no field for a password ({page.status})")
        answer = self.submit(form, {name: PASSWORD for name in form.fields if "password" in name})
        self.go_on(answer, "the password")

    def add_app(self) -> str:
        """Add an authenticator app; return its key. Raises TrialFailed."""
        page = self.follow(_APP)
        found = _KEY.search(page.text)
        if found is None:
            raise TrialFailed(f"{page.address} shows no key for an authenticator app ({page.status})")
        key = found[1].replace(" ", "")
        self.give_code(page, key)
        return key

    def give_code(self, page: Answer, key: str) -> Answer:
        """Send the form of a page that asks for a code of the app. Raises TrialFailed."""
        form = next((form for form in page.forms() if "code" in form.fields and form.method == "post"), None)
        if form is None:
            raise TrialFailed(f"{page.address} asks for no code ({page.status})")
        return self.go_on(self.submit(form, {"code": code_of(key)}), "the code of the app")

    def go_on(self, answer: Answer, what: str) -> Answer:
        """Follow the redirect after something was taken. Raises TrialFailed when it was not."""
        if answer.status != 302:
            raise TrialFailed(f"{what} was not taken: {answer.status} of {answer.address}")
        return self.follow(_path(answer.location))


def administrator(context: ssl.SSLContext, link: str, email: str) -> VisitorBrowser:
    """Come in by an invitation, add a second factor, and sign in anew with both. Raises TrialFailed."""
    first = VisitorBrowser(context)
    first.accept_invitation(link)
    key = first.add_app()
    _await_next_code()
    browser = VisitorBrowser(context)
    asked = browser.go_on(browser.try_sign_in(email, PASSWORD), "the password")
    if SIGNED_IN in asked.text:
        raise TrialFailed("an administrator was let in without a second factor")
    browser.give_code(asked, key)
    people = browser.follow("/people/")
    if people.status != 200 or SIGNED_IN not in people.text or email not in people.text:
        raise TrialFailed(
            f"the page of people is not there for the administrator: {people.status} of {people.address}"
        )
    return browser


def officer(context: ssl.SSLContext, link: str, email: str) -> VisitorBrowser:
    """Come in by an invitation, and sign in anew. Raises TrialFailed."""
    VisitorBrowser(context).accept_invitation(link)
    browser = VisitorBrowser(context)
    browser.sign_in(DemoPerson("officer", email, PASSWORD))
    return browser


_HALF_MINUTE = 30


def code_of(key: str) -> str:
    """Return the code that an authenticator app shows now."""
    secret = base64.b32decode(key + "=" * (-len(key) % 8))
    counter = struct.pack(">Q", int(time.time()) // _HALF_MINUTE)
    made = hmac.digest(secret, counter, "sha1")
    place = made[-1] & 15
    return f"{(struct.unpack('>I', made[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def _await_next_code() -> None:
    """A code serves once."""
    begun = int(time.time()) // _HALF_MINUTE
    while int(time.time()) // _HALF_MINUTE == begun:
        time.sleep(0.5)


def _path(address: str) -> str:
    return urlsplit(address)._replace(scheme="", netloc="").geturl()
