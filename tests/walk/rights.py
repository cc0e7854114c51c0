"""Every role asks for every address: the answers of the matrix, and nothing told of what is hidden."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

from audit.models import Event
from tests.matrix import ADMINISTRATOR, ANONYMOUS, ROLES, SIGN_IN, SIGNED_IN, Row
from tests.pages import body_of
from tests.recent_proof import age_proof, asks
from tests.walk.place import ROWS, URLS, Place, ask, undone
from ui.addresses import OptionalAddresses

NO_SUCH_PLACE = "/no-such-place/"
NO_SUCH_ID = 2_000_000_000
YEAR = 365 * 24 * 3600
#: The settings of HTTPS, as in production.
HTTPS = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_SECONDS": YEAR,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "LANGUAGE_COOKIE_SECURE": True,
}
#: Addresses that ask again who one is.
MARKED = {name for name, pattern in URLS.items() if getattr(pattern.callback, "requires_recent_proof", False)}
#: Files that go to whoever has signed in, without a further proof, and why.
FREE_FILES = {
    "accounts:invite_many_template": "an empty form",
    "audit:anchor": "a hash that others keep, nothing of what is in the log",
    "evidence:download": "one file of an update: reading these is the daily work, and each is an Event",
    "imports:opening_template": "a form with the titles of the agency's own items",
    "indicators:figure_template": "a form with the names of the agency's own figures",
    "indicators:source_download": "a report that its author has published",
    "reports:schema": "how files are built, nothing of what is in them",
}
_PLAIN = {(row.name, row.method, row.target): row.expected for row in ROWS if not row.query}
_LET_IN = {
    name: {role for row in ROWS if row.name == name for role in SIGNED_IN if row.expected[role] != 404}
    for name in MARKED
}
#: What no address answered to each role, as asked last: it changes little from row to row.
_nothing: dict[str, HttpResponse] = {}


def tells_of_rights(row: Row) -> bool:
    """Whether the row says something new of who may see what.

    A page with a query that answers everybody as the page without it does not: that it does not break is asked in
    `tests/demo/test_every_address.py`.
    """
    return not row.query or _PLAIN.get((row.name, row.method, row.target)) != row.expected


def check_each_role(row: Row, place: Place) -> None:
    """Each role gets its answer, with the headers of production; what the role before did is taken back."""
    answers = {}
    for role in ROLES:
        client = place.client_of(role)
        with override_settings(**HTTPS), undone():
            response = ask(client, row, place.kwargs, row.data(place.world), secure=True)
            assert_guarded(response)
            if response.status_code == 404:
                _assert_same_as_nothing(role, client, response)
        answers[role] = _answer_of(response)
        is_file = response.get("Content-Disposition", "").startswith("attachment")
        assert not is_file or role not in SIGNED_IN or row.name in MARKED or row.name in FREE_FILES
    assert answers == dict(row.expected)


def _optional_names() -> set[str]:
    """Return the names of addresses that only some installations have."""
    found: set[URLPattern] = set()
    waiting = [get_resolver()]
    while waiting:
        inner = waiting.pop().url_patterns
        waiting += [each for each in inner if isinstance(each, URLResolver)]
        found.update(*(each.url_patterns for each in inner if isinstance(each, OptionalAddresses)))
    return {name for name, pattern in URLS.items() if pattern in found}


#: Addresses that only some installations have, a row each.
OPTIONAL = {row.name: row for row in ROWS if row.name in _optional_names()}


def check_lacking_address(row: Row, place: Place) -> None:
    """Where an installation lacks the address, it answers like none, by any method, with or without a form's token."""
    for role, is_strict in product((ANONYMOUS, ADMINISTRATOR), (False, True)):
        client = Client(enforce_csrf_checks=is_strict)
        place.sign_in(client, role)
        for method in ("get", "head", "post", "put", "delete", "options", "trace"):
            with override_settings(DEMO=False):
                response = ask(client, replace(row, method=method), place.kwargs)
                nothing = getattr(client, method)(NO_SUCH_PLACE)
            assert (method, response.status_code) == (method, 404)
            assert _seen(response) == _seen(nothing)


def hides_a_thing_by_number(row: Row) -> bool:
    """Whether the address names a thing by a number, and somebody may not know of it."""
    converters = URLS[row.name].pattern.converters.values()
    is_hidden = bool(row.target) and 404 in row.expected.values()
    return is_hidden and any(isinstance(each, IntConverter) for each in converters)


def check_missing_thing(row: Row, place: Place) -> None:
    """Where an id is asked for that nobody has, even an administrator sees what a stranger sees."""
    missing = {key: NO_SUCH_ID if isinstance(value, int) else value for key, value in place.kwargs.items()}
    client = place.client_of(ADMINISTRATOR)
    with override_settings(**HTTPS):
        response = ask(client, row, missing, row.data(place.world), secure=True)
        assert response.status_code == 404
        _assert_same_as_nothing(ADMINISTRATOR, client, response)


def check_old_proof(row: Row, place: Place) -> None:
    """Whoever may act here is led to the proof, and nothing is done; whoever may not is refused, not asked.

    Where a role decides. Where belonging decides, own, foreign and missing things lead to the proof alike.
    """
    for role in SIGNED_IN:
        client = place.client_of(role)
        with override_settings(**HTTPS), undone():
            age_proof(client)
            before = Event.objects.count()
            response = ask(client, row, place.kwargs, row.data(place.world), secure=True)
            if row.expected[role] != 404:
                assert asks(response), (role, response)
                assert Event.objects.count() == before
            elif role not in _LET_IN[row.name]:
                if response.status_code == 404:
                    _assert_same_as_nothing(role, client, response)
                else:
                    assert asks(response), role


def assert_guarded(response: HttpResponse) -> None:
    """Fail unless the answer carries every header that keeps it safe."""
    headers = response.headers
    assert headers["Strict-Transport-Security"] == f"max-age={YEAR}; includeSubDomains"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in {"same-origin", "strict-origin", "no-referrer"}
    assert headers["X-Frame-Options"] in {"DENY", "SAMEORIGIN"}
    assert headers["Cross-Origin-Resource-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] in {"'none'", "'self'"}
    assert not any("unsafe" in sources or "*" in sources for sources in policy.values())
    assert not [name for name in headers if name.startswith("Access-Control-")]
    if response.status_code == 200 and headers["Content-Type"].startswith(("text/", "application/json")):
        assert re.search(r"charset=utf-8|application/json", headers["Content-Type"]), headers["Content-Type"]


def _answer_of(response: HttpResponse) -> int | str:
    is_to_sign_in = response.status_code == 302 and response["Location"].startswith(
        resolve_url(settings.LOGIN_URL)
    )
    return SIGN_IN if is_to_sign_in and "next=" in response["Location"] else response.status_code


def _assert_same_as_nothing(role: str, client: Client, response: HttpResponse) -> None:
    """Fail unless the answer is the one that the role gets where there is nothing."""
    if role not in _nothing or _seen(_nothing[role]) != _seen(response):
        _nothing[role] = client.get(NO_SUCH_PLACE, secure=True)
    assert _nothing[role].status_code == 404
    assert _seen(response) == _seen(_nothing[role])


def _seen(response: HttpResponse) -> tuple[bytes, dict[str, str]]:
    """Return what could tell a hidden thing from none: the body, and these headers."""
    telling = (
        "Content-Type",
        "Content-Language",
        "Content-Length",
        "Location",
        "Allow",
        "Content-Disposition",
    )
    return body_of(response), {name: response.headers[name] for name in telling if name in response.headers}
