"""No address answers 500, whatever its query string or its path holds.

The names that a page reads are not listed: the query string writes down what it is asked for.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import World
from tests.hostile import PATHS, VALUES, record_names, some
from tests.matrix import ADMINISTRATOR, OFFICER, Row
from tests.test_matrix import ROWS, Place
from tests.test_matrix import place as place
from tests.test_matrix import sessions as sessions
from tests.test_matrix import world as world

#: It answers 503 where a part of the installation is not well, as in a test.
SAYS_UNWELL = "health_ready"
PAGES = list(
    {
        row.name: row
        for row in ROWS
        if row.method == "get" and row.target != "foreign" and row.name != SAYS_UNWELL
    }.values()
)
#: So many values are tried of each name alone (by the administrator), so many times all names at once, and so many paths.
#: The values differ by page, name and role; `len(VALUES)` tries all.
ALONE, TOGETHER, IN_PATHS = 1, 1, 2
#: Read by the frame of every page, and tried with the other names.
OF_EVERY_PAGE = {"cycle"}


def assert_answered(client: Client, url: str) -> int:
    """Ask, read the answer to its end, and return its status. An error of the view is raised by the client."""
    response = client.get(url)
    if response.streaming:
        response.getvalue()
    assert response.status_code < 500, url
    return response.status_code


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_page_answers_any_address(
    row: Row, place: Place, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = record_names(monkeypatch)
    base = reverse(row.name, kwargs=place.kwargs)
    for role in (ADMINISTRATOR, OFFICER):
        names.clear()
        place.sign_in(client, role)
        if assert_answered(client, base + row.query) != 404:
            of = f"{row.name} {role}"
            _ask_alone(client, base, names, of=of, count=ALONE if role == ADMINISTRATOR else 0)
            _ask_together(client, base, names, of=of)
        _ask_paths(client, row, place, of=f"{row.name} {role}")


def _ask_alone(client: Client, base: str, names: set[str], *, of: str, count: int) -> None:
    """Ask with one name at a time; what a name makes the page read more is asked as well."""
    tried = set(OF_EVERY_PAGE)
    while count and (left := sorted(names - tried)):
        name = left[0]
        tried.add(name)
        for value in some(VALUES, count, of=f"{of} {name}"):
            assert_answered(client, f"{base}?{_pair(name, value)}")


def _ask_together(client: Client, base: str, names: set[str], *, of: str) -> None:
    drawn = {name: some(VALUES, TOGETHER, of=f"{name} {of}") for name in sorted(names)}
    for turn in range(TOGETHER if names else 0):
        assert_answered(client, f"{base}?" + "&".join(_pair(name, drawn[name][turn]) for name in drawn))


def _pair(name: str, value: str) -> str:
    return f"{name}={value.format(name=name)}"


def _ask_paths(client: Client, row: Row, place: Place, *, of: str) -> None:
    for key, value in place.kwargs.items():
        mark = 7_654_321 if isinstance(value, int) else "zqzq"
        url = reverse(row.name, kwargs={**place.kwargs, key: mark})
        for path in some(PATHS, IN_PATHS, of=f"{of} {key}"):
            assert_answered(client, url.replace(str(mark), path))


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


@pytest.mark.parametrize("day", DAYS)
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
    page: str, names: tuple[str, ...], day: str, world: World, sessions: dict[str, str], client: Client
) -> None:
    """`until=9999-12-31` in the audit trail was the one of 4,265 addresses that failed."""
    Place(world, sessions, {}).sign_in(client, ADMINISTRATOR)
    url = reverse(page)
    for name in names:
        response = client.post(url, {name: day}) if page == "audit:export" else client.get(url, {name: day})
        assert response.status_code < 500


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
