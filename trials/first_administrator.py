"""What the first administrator does at a browser: opens the link of the invitation, chooses a password, adds a second factor.

`python -m trials.first_administrator LINK EMAIL AUTHORITY` runs in the network of the installation and prints what was seen.
"""

from __future__ import annotations

import base64
import hmac
import re
import ssl
import sys
import time
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from attacks.browser import SECONDS, Answer, Browser, Form
from attacks.instance import Site

PASSWORD = "a long sentence that only the trial knows"  # noqa: S105 - of an installation that ends with the trial.
FACTORS = "/account/second-factor/"
#: Stands on every page of a person who signed in.
_SIGN_OUT = "data-signout"
_SECRET = re.compile(r"data-secret>([^<]+)<")
_HALF_MINUTE = 30


class NotIn(Exception):
    """The administrator could not go on; the message is a sentence that says where."""


class _Https(HTTPSConnection):
    """A connection to the loopback address that asks for the site's name and checks its certificate."""

    def __init__(self, host: str, context: ssl.SSLContext) -> None:
        super().__init__("127.0.0.1", 443, context=context, timeout=SECONDS)
        self._name, self._tls = host, context

    def connect(self) -> None:
        HTTPConnection.connect(self)
        self.sock = self._tls.wrap_socket(self.sock, server_hostname=self._name)


class _Origin(Site):
    """An installation by its name alone."""

    def __init__(self, host: str) -> None:
        super().__init__(folder=Path("/"), port=0, tls_port=443)
        self.host = host

    @property
    def origin(self) -> str:
        """Where people reach it."""
        return f"https://{self.host}"


class AdministratorsBrowser(Browser):
    """A browser that trusts one authority and reaches the site on port 443 of this network's loopback address."""

    def __init__(self, host: str, authority: Path) -> None:
        super().__init__(_Origin(host))
        self._host, self._context = host, ssl.create_default_context(cafile=str(authority))

    def _connected(self) -> HTTPConnection:
        if self._connection is None:
            self._connection = _Https(self._host, self._context)
        return self._connection

    def go_on(self, answer: Answer) -> Answer:
        """Follow the redirect of an answer to the page where it ends."""
        return self.follow(_path(answer.location)) if answer.location else answer


class Phone:
    """An authenticator app."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.replace(" ", "")
        self._last = 0

    def code(self) -> str:
        """Return a code that was not shown before; waits for the next half minute where need be."""
        while (now := int(time.time()) // _HALF_MINUTE) == self._last:
            time.sleep(0.5)
        self._last = now
        mark = hmac.digest(base64.b32decode(self._secret), now.to_bytes(8, "big"), "sha1")
        start = mark[-1] & 0xF
        number = int.from_bytes(mark[start : start + 4], "big") & 0x7FFFFFFF
        return f"{number % 1_000_000:06}"


def come_in(link: str, email: str, authority: Path) -> None:
    """Do it all, then sign in anew with both proofs. Raises NotIn."""
    host = urlsplit(link).hostname or ""
    browser = AdministratorsBrowser(host, authority)
    _choose_password(browser, browser.follow(_path(link)))
    phone = _add_app(browser)
    _sign_in(AdministratorsBrowser(host, authority), email, phone)
    print(
        f"{email} is signed in at https://{host} with password and second factor, and sees the page of people",
        flush=True,
    )


def _choose_password(browser: AdministratorsBrowser, page: Answer) -> None:
    form = _form_with(page, "password")
    answer = browser.submit(form, {name: PASSWORD for name in form.fields if "password" in name})
    if answer.status != 302:
        raise NotIn(f"the password was not taken: {answer.status} of {answer.address}")
    browser.go_on(answer)


def _add_app(browser: AdministratorsBrowser) -> Phone:
    """Add an authenticator app, and return it."""
    page = browser.follow(f"{FACTORS}app/")
    secret = _SECRET.search(page.text)
    if secret is None:
        raise NotIn(f"{page.address} shows no key for an authenticator app ({page.status})")
    phone = Phone(secret[1])
    answer = browser.submit(_form_with(page, "code"), {"code": phone.code()})
    if answer.status != 302:
        raise NotIn(f"the first code of the app was not taken: {answer.status}")
    browser.go_on(answer)
    return phone


def _sign_in(browser: AdministratorsBrowser, email: str, phone: Phone) -> None:
    answer = browser.go_on(browser.try_sign_in(email, PASSWORD))
    browser.go_on(browser.submit(_form_with(answer, "code"), {"code": phone.code()}))
    people = browser.follow("/people/")
    if people.status != 200 or _SIGN_OUT not in people.text or email not in people.text:
        raise NotIn(
            f"after password and code the page of people is not there: {people.status} of {people.address}"
        )


def _form_with(answer: Answer, field: str) -> Form:
    """Return the form of a page that has a field. Raises NotIn."""
    for form in answer.forms():
        if field in form.fields and form.method == "post":
            return form
    raise NotIn(f"{answer.address} has no form with {field} ({answer.status})")


def _path(address: str) -> str:
    return urlsplit(address)._replace(scheme="", netloc="").geturl()


if __name__ == "__main__":
    try:
        come_in(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    except NotIn as error:
        sys.exit(str(error))
