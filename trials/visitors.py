"""People who reach an installation by its name at the usual port: invited by a link, with a second factor where it is asked.

`python -m trials.visitors LINK EMAIL AUTHORITY` is the first administrator, in the network of the installation: opens the link of the
invitation, chooses a password, adds a second factor, signs in anew, and prints what was seen.
"""

from __future__ import annotations

import base64
import hmac
import re
import ssl
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from attacks.browser import Answer, Browser, ConnectionToSite, Form
from attacks.site import DemoPerson, Site
from trials.releases import TrialFailed

PASSWORD = "a long sentence that only the trial knows"  # noqa: S105 - of an installation that ends with the trial.
_APP = "/account/second-factor/app/"
#: Stands on every page of somebody who signed in.
_SIGNED_IN = "data-signout"
_SECRET = re.compile(r"data-secret>([^<]+)<")
_PORT, _HALF_MINUTE = 443, 30


class _InstalledSite(Site):
    """An installation by its name alone."""

    def __init__(self, host: str) -> None:
        super().__init__(folder=Path("/"), port=0, tls_port=_PORT)
        self.host = host

    @property
    def origin(self) -> str:
        """Where people reach it."""
        return f"https://{self.host}"


class VisitorBrowser(Browser):
    """A browser that trusts what its context trusts, and reaches a site on port 443 of this network's loopback address."""

    def __init__(self, host: str, context: ssl.SSLContext) -> None:
        super().__init__(_InstalledSite(host))
        self._host, self._context = host, context

    def _connected(self) -> HTTPConnection:
        if self._connection is None:
            self._connection = connection_to(self._host, self._context)
        return self._connection

    def accept_invitation(self, link: str) -> None:
        """Open the link of an invitation and choose a password. Raises TrialFailed."""
        page = self.follow(_path(link))
        form = _form_with(page, "password")
        answer = self.submit(form, {name: PASSWORD for name in form.fields if "password" in name})
        self.go_on(answer, "the password")

    def add_app(self) -> AuthenticatorApp:
        """Add an authenticator app, and return it. Raises TrialFailed."""
        page = self.follow(_APP)
        secret = _SECRET.search(page.text)
        if secret is None:
            raise TrialFailed(f"{page.address} shows no key for an authenticator app ({page.status})")
        phone = AuthenticatorApp(secret[1])
        self.give_code(page, phone)
        return phone

    def give_code(self, page: Answer, phone: AuthenticatorApp) -> Answer:
        """Send the form of a page that asks for a code of the app. Raises TrialFailed."""
        answer = self.submit(_form_with(page, "code"), {"code": phone.code()})
        return self.go_on(answer, "the code of the app")

    def go_on(self, answer: Answer, what: str) -> Answer:
        """Follow the redirect after something was taken. Raises TrialFailed when it was not."""
        if answer.status != 302:
            raise TrialFailed(f"{what} was not taken: {answer.status} of {answer.address}")
        return self.follow(_path(answer.location))


class AuthenticatorApp:
    """An authenticator app."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.replace(" ", "")
        self._last = 0

    def code(self) -> str:
        """Return a code that was not shown before; waits for the next half minute where need be."""
        while (now := int(time.time()) // _HALF_MINUTE) == self._last:
            time.sleep(0.5)
        self._last = now
        padded = self._secret + "=" * (-len(self._secret) % 8)
        mark = hmac.digest(base64.b32decode(padded), now.to_bytes(8, "big"), "sha1")
        start = mark[-1] & 0xF
        number = int.from_bytes(mark[start : start + 4], "big") & 0x7FFFFFFF
        return f"{number % 1_000_000:06}"


def connection_to(host: str, context: ssl.SSLContext) -> ConnectionToSite:
    """Return a connection to a site at the usual port of this network's loopback address."""
    return ConnectionToSite(_PORT, name=host, context=context)


def administrator(context: ssl.SSLContext, link: str, email: str) -> VisitorBrowser:
    """Come in by an invitation, add a second factor, and sign in anew with both. Raises TrialFailed."""
    host = urlsplit(link).hostname or ""
    first = VisitorBrowser(host, context)
    first.accept_invitation(link)
    phone = first.add_app()
    browser = VisitorBrowser(host, context)
    asked = browser.go_on(browser.try_sign_in(email, PASSWORD), "the password")
    if _SIGNED_IN in asked.text:
        raise TrialFailed("an administrator was let in without a second factor")
    browser.give_code(asked, phone)
    people = browser.follow("/people/")
    if people.status != 200 or _SIGNED_IN not in people.text or email not in people.text:
        raise TrialFailed(
            f"after password and code the page of people is not there: {people.status} of {people.address}"
        )
    return browser


def officer(context: ssl.SSLContext, link: str, email: str) -> VisitorBrowser:
    """Come in by an invitation, and sign in anew. Raises TrialFailed."""
    host = urlsplit(link).hostname or ""
    VisitorBrowser(host, context).accept_invitation(link)
    browser = VisitorBrowser(host, context)
    browser.sign_in(DemoPerson("officer", email, PASSWORD))
    return browser


def _form_with(answer: Answer, field: str) -> Form:
    """Return the form of a page that has a field whose name begins so. Raises TrialFailed."""
    for form in answer.forms():
        if form.method == "post" and any(name.startswith(field) for name in form.fields):
            return form
    raise TrialFailed(f"{answer.address} has no form with {field} ({answer.status})")


def _path(address: str) -> str:
    return urlsplit(address)._replace(scheme="", netloc="").geturl()


if __name__ == "__main__":
    try:
        administrator(ssl.create_default_context(cafile=sys.argv[3]), sys.argv[1], sys.argv[2])
    except TrialFailed as error:
        sys.exit(str(error))
    print(
        f"{sys.argv[2]} is signed in at https://{urlsplit(sys.argv[1]).hostname} with password and second factor, "
        "and sees the page of people"
    )
