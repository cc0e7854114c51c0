"""Every address × every role × one's own and a foreign agency, from the URLconf."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings as site
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter
from pytest_django import Settings

from tests import matrix
from tests.factories.accounts import World, make_world
from tests.matrix import ADMINISTRATOR, ANONYMOUS, ROLES, SIGN_IN, Row
from tests.pages import body_of
from tests.shared import shared
from ui.addresses import OptionalAddresses

NO_SUCH_PLACE = "/no-such-place/"
NO_SUCH_ID = 2_000_000_000
ROWS = matrix.all_rows()


def named_urls(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the URLconf with its full name."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from named_urls(pattern, inner)
        else:
            assert pattern.name, f"{pattern.pattern} has no name"
            yield f"{namespace}{pattern.name}", pattern


URLS = dict(named_urls(get_resolver()))


@dataclass
class Place:
    """A furnished world in which a row's thing was made, and the session of each role's person."""

    world: World
    sessions: dict[str, str]
    kwargs: dict[str, Any]

    def sign_in(self, client: Client, role: str) -> None:
        client.cookies[site.SESSION_COOKIE_NAME] = self.sessions[role]

    def client_of(self, role: str) -> Client:
        """Return a client of its own for a role, who is signed in unless the role is anonymous."""
        client = Client()
        if role != ANONYMOUS:
            self.sign_in(client, role)
        return client


@shared
def world(now: datetime) -> World:
    made = make_world()
    matrix.furnish(made, now)
    return made


@shared
def sessions(world: World) -> dict[str, str]:
    return matrix.session_keys(world)


@shared
def place(world: World, sessions: dict[str, str], row: Row) -> Place:
    return Place(world, sessions, row.kwargs(world))


@contextmanager
def undone() -> Iterator[None]:
    """Take back what is done inside; acts with a transaction of their own may begin in it."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


def ask(client: Client, row: Row, kwargs: dict[str, Any], data: dict[str, Any] | None = None) -> HttpResponse:
    url = reverse(row.name, kwargs=kwargs) + row.query
    response: HttpResponse = getattr(client, row.method)(url, data or {})
    if response.streaming:
        is_pack = response["Content-Type"] == "application/zip"
        assert "Content-Length" in response or is_pack, "nobody would hear that it broke off (docs/adr/0015)"
        # Reading a download to its end closes the file behind it.
        response.getvalue()
    return response


def answer_of(response: HttpResponse) -> int | str:
    is_to_sign_in = response.status_code == 302 and response["Location"].startswith(
        resolve_url(site.LOGIN_URL)
    )
    return SIGN_IN if is_to_sign_in and "next=" in response["Location"] else response.status_code


def test_every_url_has_a_row() -> None:
    told = {row.name for row in ROWS}
    assert sorted(URLS.keys() - told) == [], "addresses without a row in tests/matrix/"
    assert sorted(told - URLS.keys()) == [], "rows whose address is gone"


def test_every_address_of_a_thing_has_a_row_for_own_and_foreign() -> None:
    missing = []
    for name, pattern in URLS.items():
        targets = {row.target for row in ROWS if row.name == name}
        if pattern.pattern.converters and not ("any" in targets or {"own", "foreign"} <= targets):
            missing.append(name)
    assert missing == []


def judging() -> list[Row]:
    """The rows that say who may see what.

    A page with a query that answers everybody as the page without it tells nothing new of that: that it does not break
    is asked in `tests/demo/test_every_address.py`.
    """
    plain = {_place(row): row.expected for row in ROWS if not row.query}
    return [row for row in ROWS if not row.query or plain.get(_place(row)) != row.expected]


def _place(row: Row) -> tuple[str, str, str]:
    return row.name, row.method, row.target


def test_every_row_answers_for_every_role() -> None:
    assert [str(row) for row in ROWS if set(row.expected) != set(ROLES)] == []


@pytest.mark.parametrize("row", judging(), ids=str)
def test_matrix(row: Row, place: Place) -> None:
    """Each role asks for itself: what the one before did is taken back."""
    answers = {}
    for role in ROLES:
        client = place.client_of(role)
        with undone():
            response = ask(client, row, place.kwargs, row.data(place.world))
        answers[role] = answer_of(response)
        if response.status_code == 404:
            assert_same_as_nothing(client, response)
    assert answers == dict(row.expected)


def optional_names() -> set[str]:
    """The names of addresses that only some installations have."""
    found: set[URLPattern] = set()
    waiting = [get_resolver()]
    while waiting:
        inner = waiting.pop().url_patterns
        waiting += [each for each in inner if isinstance(each, URLResolver)]
        found.update(*(each.url_patterns for each in inner if isinstance(each, OptionalAddresses)))
    return {name for name, pattern in URLS.items() if pattern in found}


OPTIONAL = {row.name: row for row in ROWS if row.name in optional_names()}


@pytest.mark.parametrize("row", OPTIONAL.values(), ids=str)
@pytest.mark.parametrize("role", [ANONYMOUS, ADMINISTRATOR])
def test_address_that_an_installation_lacks_answers_like_none(
    row: Row, role: str, place: Place, settings: Settings
) -> None:
    """Whatever the method, with or without the token of a form."""
    settings.DEMO = False
    for client in (Client(), Client(enforce_csrf_checks=True)):
        if role != ANONYMOUS:
            place.sign_in(client, role)
        for method in ("get", "head", "post", "put", "delete", "options", "trace"):
            response = ask(client, replace(row, method=method), place.kwargs)
            nothing = getattr(client, method)(NO_SUCH_PLACE)
            assert (method, response.status_code) == (method, 404)
            assert body_of(response) == body_of(nothing)
            assert _told(response) == _told(nothing)


def hides_a_thing_by_number(row: Row) -> bool:
    """Whether the address names a thing by a number, and somebody may not know of it."""
    converters = URLS[row.name].pattern.converters.values()
    return 404 in row.expected.values() and any(isinstance(each, IntConverter) for each in converters)


@pytest.mark.parametrize("row", [row for row in ROWS if row.target and hides_a_thing_by_number(row)], ids=str)
def test_missing_thing_answers_like_a_foreign_one(row: Row, place: Place, client: Client) -> None:
    """Where an id is asked for that nobody has, even an administrator sees what a stranger sees."""
    missing = {key: NO_SUCH_ID if isinstance(value, int) else value for key, value in place.kwargs.items()}
    place.sign_in(client, ADMINISTRATOR)
    response = ask(client, row, missing, row.data(place.world))
    assert response.status_code == 404
    assert_same_as_nothing(client, response)


def assert_same_as_nothing(client: Client, response: HttpResponse) -> None:
    nothing = client.get(NO_SUCH_PLACE)
    assert nothing.status_code == 404
    assert body_of(response) == body_of(nothing)
    assert _told(response) == _told(nothing)


def _told(response: HttpResponse) -> dict[str, str]:
    """The headers that could tell a hidden thing from none."""
    telling = (
        "Content-Type",
        "Content-Language",
        "Content-Length",
        "Location",
        "Allow",
        "Content-Disposition",
    )
    return {name: response.headers[name] for name in telling if name in response.headers}
