"""Where the walk goes: the addresses of the URLconf, the furnished world, and how a row is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from tests import matrix
from tests.factories.accounts import World, make_world
from tests.matrix import ADMINISTRATOR, ANONYMOUS, ROLES, SIGN_IN, Row
from tests.shared import shared

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

    def sign_in(self, client: Client, role: str, *, language: str = "") -> None:
        if role != ANONYMOUS:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
            if language:
                User.objects.filter(pk=self.world.people[role].pk).update(language=language)

    def client_of(self, role: str, *, language: str = "") -> Client:
        """Return a client of its own for a role, who is signed in unless the role is anonymous."""
        client = Client()
        self.sign_in(client, role, language=language)
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


def ask(
    client: Client,
    row: Row,
    kwargs: dict[str, Any],
    data: dict[str, Any] | None = None,
    *,
    secure: bool = False,
) -> HttpResponse:
    """Ask for the row's address and read the answer to its end."""
    url = reverse(row.name, kwargs=kwargs) + row.query
    response: HttpResponse = getattr(client, row.method)(url, data or {}, secure=secure)
    if response.streaming:
        is_pack = response["Content-Type"] == "application/zip"
        assert "Content-Length" in response or is_pack, "nobody would hear that it broke off (docs/adr/0015)"
        # Reading a download to its end closes the file behind it.
        response.getvalue()
    return response


def role_of(row: Row) -> str:
    """Return who may ask for this: an administrator, if anybody."""
    allowed = [role for role in ROLES if row.expected[role] not in (404, SIGN_IN)]
    return ADMINISTRATOR if ADMINISTRATOR in allowed else (allowed or [ADMINISTRATOR])[-1]
