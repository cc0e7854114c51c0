"""Paths, days at both ends of the calendar, and headers that no browser sends are answered (tests/walk/addresses.py: all pages)."""

from __future__ import annotations

from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import World
from tests.matrix import ADMINISTRATOR, OFFICER
from tests.walk.addresses import assert_answered
from tests.walk.place import Place
from tests.walk.place import sessions as sessions
from tests.walk.place import world as world


@pytest.mark.parametrize("path", ["%00", "9" * 300])
def test_page_of_others_with_any_path_is_refused_and_recorded(
    path: str, world: World, sessions: dict[str, str], client: Client
) -> None:
    """The refusal is recorded with as much of the path as the log takes."""
    Place(world, sessions, {}).sign_in(client, OFFICER)
    pages = (reverse("reminders:mail", kwargs={"name": "zqzq"}), reverse("audit:event", args=[7_654_321]))
    for url in pages:
        address = url.replace("zqzq", path).replace("7654321", path)
        assert assert_answered(client, address) == 404


#: Both ends of every calendar, and what is none.
DAYS = [
    "0001-01-01",
    "0001-01-02",
    "1000-01-01",
    "1899-12-31",
    "2099-12-31",
    "9999-12-30",
    "9999-12-31",
    "31/12/9999",
    "10000-01-01",
    "-0001-01-01",
]


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("audit:trail", ("since", "until")),
        ("audit:export", ("since", "until")),
        ("overview:overview", ("day",)),
        ("recommendations:items", ("day",)),
        ("reports:choose", ("day", "since")),
        ("reminders:delivery", ("day", "since", "until")),
    ],
)
def test_days_at_the_ends_of_the_calendar_are_answered(
    page: str, names: tuple[str, ...], world: World, sessions: dict[str, str], client: Client
) -> None:
    """`until=9999-12-31` in the audit trail was the one of 4,265 addresses that failed."""
    Place(world, sessions, {}).sign_in(client, ADMINISTRATOR)
    url = reverse(page)
    for name, day in product(names, DAYS):
        response = client.post(url, {name: day}) if page == "audit:export" else client.get(url, {name: day})
        assert response.status_code < 500, (name, day)


#: Headers as no browser sends them.
HEADERS = {
    "HTTP_USER_AGENT": ["", "\x01\x02", "x" * 20_000, "\xff\xfe", "=1+1", "%s{0}{{ 7 }}", "<script>"],
    "HTTP_ACCEPT_LANGUAGE": [
        "",
        "x" * 5_000,
        "ms;q=9e999",
        "*;q=a",
        "a-" * 500,
        "\xff",
        "ms" + ",en" * 2_000,
    ],
    "HTTP_COOKIE": [
        "language=%00",
        "language=../..",
        "sessionid=%00",
        "sessionid=" + "x" * 5_000,
        "=;=;",
        "\xff=1",
    ],
    "HTTP_REFERER": ["javascript:alert(1)", "//elsewhere.example", "\xff", "x" * 9_000],
    "HTTP_X_REQUEST_ID": ["x" * 9_000, "\x00", "a b", "\xff"],
    "HTTP_X_FORWARDED_FOR": ["x", "1.2.3.4, " * 500, "::1%lo", "999.1.1.1", "\xff"],
    "HTTP_ACCEPT_ENCODING": ["gzip;q=x", "*" * 3_000, "\xff"],
    "HTTP_IF_NONE_MATCH": ['"' * 3_000, "\xff", "W/" * 500],
    "HTTP_IF_MODIFIED_SINCE": ["Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "x" * 3_000],
    "HTTP_RANGE": ["bytes=9-1", "bytes=" + "0-," * 900, "bytes=-" + "9" * 40],
}


@pytest.mark.parametrize("header", HEADERS)
def test_any_headers_are_answered(
    header: str, world: World, sessions: dict[str, str], client: Client
) -> None:
    Place(world, sessions, {}).sign_in(client, OFFICER)
    for value in HEADERS[header]:
        for url in ("/", reverse("recommendations:my_work"), "/there-is-no-such-page/"):
            response = client.get(url, **{header: value})  # type: ignore[arg-type]
            assert response.status_code < 500, (header, value[:40], url)
