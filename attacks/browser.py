"""A browser without a screen: cookies, forms and files over TLS, and no script. Its requests are exactly what is asked."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from uuid import uuid4

from attacks.site import HOST, DemoPerson, Site
from tests.factories.soft_passkey import SoftPasskey

#: No answer may take longer.
SECONDS = 60.0
#: Where somebody who is signed in proves it again.
PROOF = "/account/again/"
SECOND_FACTOR = "/sign-in/second-factor/"
_ADD_PASSKEY = "/account/second-factor/passkey/"
Headers = dict[str, str]
#: A file of a form: its name and its bytes.
File = tuple[str, bytes]


@dataclass(frozen=True)
class Answer:
    """What came back. `address` is the path that was asked; `body` holds the first 8 MiB."""

    address: str
    status: int
    headers: Headers
    body: bytes
    #: The lines with which it sets cookies.
    cookies: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", errors="replace")

    @property
    def location(self) -> str:
        """Where a redirect leads; empty for another answer."""
        return self.headers.get("location", "")

    @property
    def asks_for_proof(self) -> bool:
        """Whether it leads to the page that asks again who one is."""
        return self.location.startswith(PROOF)

    @property
    def is_closed(self) -> bool:
        """Whether the answer is a refusal, or leads to the sign-in page."""
        return (
            self.status in {400, 401, 403, 404, 405, 409, 413, 415, 422, 429} or "/sign-in/" in self.location
        )

    def links(self) -> set[str]:
        """Return the paths of the site to which the page links, without fragments."""
        found = (urljoin(self.address, href) for href in re.findall(r'\shref="([^"#]+)', self.text))
        paths = (href.replace("&amp;", "&") for href in found)
        return {path for path in paths if path.startswith("/") and not path.startswith(("//", "/static/"))}

    def forms(self) -> list[Form]:
        """Return the forms of the page."""
        parser = _Forms(self.address)
        parser.feed(self.text)
        return parser.forms

    def form(self, action: str) -> Form:
        """Return the first form whose address contains a text. Raises LookupError."""
        for form in self.forms():
            if action in form.action:
                return form
        raise LookupError(f"{self.address} has no form to {action}")


@dataclass
class Form:
    """A form of a page: where it is sent, how, and the values that it came with."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    """Collects forms with what a browser would send of them untouched."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.forms = address, list[Form]()
        self._form: Form | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.address, given.get("action", "") or self.address)
            self._form = Form(action, given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and given.get("name"):
            self._field(tag, given)
        elif tag == "option" and self._form is not None and self._select:
            # The first option is chosen unless another one says that it is.
            value = given.get("value", "")
            self._form.fields.setdefault(self._select, value)
            self._form.fields[self._select] = (
                value if "selected" in given else self._form.fields[self._select]
            )

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        name, kind = given["name"], given.get("type", "text")
        is_chosen = kind not in {"checkbox", "radio"} or "checked" in given
        if tag == "input" and is_chosen and kind not in {"file", "submit", "button", "image"}:
            self._form.fields[name] = given.get("value", "on" if kind == "checkbox" else "")
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            self._form.fields[name] = ""

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def _challenge(page: Answer) -> str:
    """Return the challenge that a page hands to a passkey. Raises RuntimeError for a page without one."""
    found = re.search(r'"challenge": "([\w-]+)"', page.text)
    if found is None:
        raise RuntimeError(f"{page.address} answers {page.status} {page.location}, and asks for no passkey")
    return found[1]


class Browser:
    """One browser with its cookies. `direct` goes around nginx, to the web process itself."""

    def __init__(self, site: Site, *, direct: bool = False) -> None:
        self.site = site
        self.cookies: dict[str, str] = {}
        self.direct = direct
        #: Who signed in, and proves it again when an act of weight asks.
        self.person: DemoPerson | None = None
        self._connection: HTTPConnection | None = None

    def copy(self) -> Browser:
        """Return another window of the same browser: its cookies, on a connection of its own."""
        copied = Browser(self.site, direct=self.direct)
        copied.cookies.update(self.cookies)
        copied.person = self.person
        return copied

    def sign_in(self, person: DemoPerson, password: str | None = None) -> Browser:
        """Sign in, and return the browser itself. Raises RuntimeError when that fails with the right password."""
        answer = self.try_sign_in(person.email, person.password if password is None else password)
        if password is None and answer.status != 302:
            raise RuntimeError(f"{person.email} was not let in: {answer.status}")
        self.person = person
        return self

    def try_sign_in(self, email: str, password: str, **more: str) -> Answer:
        """Send the form of the sign-in page, then the person's passkey where it is asked for; return the answer."""
        page = self.get("/sign-in/")
        answer = self.submit(page.form("/sign-in/"), {"login": email, "password": password, **more})
        if answer.location.startswith(SECOND_FACTOR) and email in self.site.passkeys:
            answer = self.use_passkey(answer.location, email)
        return answer

    def use_passkey(self, path: str, email: str) -> Answer:
        """Answer the challenge of a page with the passkey of a person."""
        page = self._ask("GET", path)
        answer = self.site.passkeys[email].use(_challenge(page))
        form = next(form for form in page.forms() if "credential" in form.fields)
        return self.submit(form, {"credential": json.dumps(answer)})

    def add_passkey(self) -> None:
        """Give whoever is signed in a passkey, as production demands of MAPO's people. Raises RuntimeError where it is refused."""
        assert self.person is not None
        key = SoftPasskey(HOST, self.site.origin)
        page = self.get(_ADD_PASSKEY)
        sent = {"name": "Komputer pejabat", "credential": json.dumps(key.make(_challenge(page)))}
        answer = self.submit(page.form(_ADD_PASSKEY), sent)
        if answer.status != 302:
            raise RuntimeError(f"{self.person.email} got no passkey: {answer.status}")
        self.site.passkeys[self.person.email] = key
        codes = "/account/second-factor/codes/"
        self.submit(self.get(codes).form(codes))

    def guess(self, email: str, password: str, *, address: str) -> Answer:
        """Try a password as if the proxy had named this address; only a `direct` browser is believed."""
        fields = {"login": email, "password": password}
        return self.post("/sign-in/", fields, headers={"X-Forwarded-For": address})

    def get(self, path: str, headers: Headers | None = None) -> Answer:
        """Ask for a page. Follows no redirect."""
        return self.ask("GET", path, headers=headers)

    def follow(self, path: str) -> Answer:
        """Ask for a page, and for those to which it leads, five at most."""
        answer = self.get(path)
        for _turn in range(5):
            if not answer.location:
                break
            answer = self.get(urlsplit(answer.location)._replace(scheme="", netloc="").geturl())
        return answer

    def submit(
        self, form: Form, changed: dict[str, Any] | None = None, *, files: dict[str, File] | None = None
    ) -> Answer:
        """Send a form with some fields changed."""
        fields = {**form.fields, **(changed or {})}
        if form.method == "get":
            return self.get(f"{urlsplit(form.action).path}?{urlencode(fields)}")
        return self.post(form.action, fields, files=files)

    def post(
        self, path: str, fields: dict[str, Any] | None = None, *, files: dict[str, File] | None = None,
        headers: Headers | None = None, token: bool = True,
    ) -> Answer:  # fmt: skip
        """Post fields, with the token of the browser's cookie unless `token` is False."""
        fields = dict(fields or {})
        if token:
            fields.setdefault("csrfmiddlewaretoken", self.token())
        body, kind = (
            multipart(fields, files) if files else (urlencode(fields, doseq=True).encode(), _URLENCODED)
        )
        given = {"Content-Type": kind, "Referer": f"{self.site.origin}{path}", "Origin": self.site.origin}
        return self.ask("POST", path, headers=given | (headers or {}), body=body)

    def token(self) -> str:
        """Return the token for forms; asks for a page when there is none yet."""
        if not self.cookie("csrftoken"):
            self.get("/sign-in/")
        return self.cookie("csrftoken")

    def cookie(self, name: str) -> str:
        """Return the value of a cookie, whatever its prefix; empty when there is none."""
        return next((value for key, value in self.cookies.items() if key.removeprefix("__Host-") == name), "")

    def ask(
        self, method: str, path: str, *, headers: Headers | None = None, body: bytes | None = None
    ) -> Answer:
        """Send one request, and once more after a proof where the answer asks for one and the person can give it."""
        answer = self._ask(method, path, headers=headers, body=body)
        if self.person is None or not answer.asks_for_proof or path.startswith(PROOF):
            return answer
        self._prove(answer.location)
        return self._ask(method, path, headers=headers, body=body)

    def _prove(self, path: str) -> None:
        assert self.person is not None
        if self.person.email in self.site.passkeys:
            self.use_passkey(f"{PROOF}passkey/?{urlsplit(path).query}", self.person.email)
        else:
            self.submit(self._ask("GET", path).form(PROOF), {"password": self.person.password})

    def _ask(
        self, method: str, path: str, *, headers: Headers | None = None, body: bytes | None = None
    ) -> Answer:
        """Send one request and keep the cookies of its answer. A kept connection that has gone is opened anew, once."""
        given = {
            "Host": self.site.origin.removeprefix("https://"),
            "Sec-Fetch-Site": "same-origin",
            "Accept": "text/html",
        }
        if self.direct:
            given["X-Forwarded-Proto"] = "https"
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        for is_last in (False, True):
            connection = self._connected()
            try:
                connection.request(method, path, body=body, headers=given | (headers or {}))
                response = connection.getresponse()
                cookies = tuple(response.headers.get_all("Set-Cookie") or ())
                answer = Answer(path, response.status, {}, response.read(8 * 1024 * 1024), cookies)
                self._keep(cookies)
                answer.headers.update((name.lower(), value) for name, value in response.headers.items())
                if not response.isclosed():
                    self.close()
                return answer
            except (OSError, HTTPException):
                self.close()
                if is_last:
                    raise
        raise AssertionError

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> HTTPConnection:
        if self._connection is None:
            self._connection = (
                HTTPConnection("127.0.0.1", self.site.port, timeout=SECONDS)
                if self.direct
                else ConnectionToSite(self.site.tls_port, context=self.site.tls(), address=self.site.address)
            )
        return self._connection

    def _keep(self, lines: Iterable[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


class ConnectionToSite(HTTPSConnection):
    """A connection to the loopback address, or another, that checks the certificate of the site's name."""

    def __init__(
        self, port: int, *, context: ssl.SSLContext, name: str = HOST, address: str = "127.0.0.1"
    ) -> None:
        super().__init__(address, port, context=context, timeout=SECONDS)
        self._name, self._context_of_site = name, context

    def connect(self) -> None:
        HTTPConnection.connect(self)
        self.sock = self._context_of_site.wrap_socket(self.sock, server_hostname=self._name)


_URLENCODED = "application/x-www-form-urlencoded"


def multipart(fields: dict[str, Any], files: dict[str, File] | None) -> tuple[bytes, str]:
    """Return a body of fields and files, and its Content-Type. Names go out as they are, hostile or not."""
    mark = uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, (file_name, content) in (files or {}).items():
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"
