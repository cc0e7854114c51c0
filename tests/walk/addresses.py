"""No address answers 500, whatever its query string or its path holds.

The names that a page reads are not listed: the query string writes down what it is asked for.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.hostile import PATHS, VALUES, record_names, some
from tests.matrix import ADMINISTRATOR, OFFICER, Row
from tests.walk.place import ROWS, Place, role_of

#: It answers 503 where a part of the installation is not well, as in a test.
SAYS_UNWELL = "health_ready"
PAGES = {
    row.name: row
    for row in ROWS
    if row.method == "get" and row.target != "foreign" and row.name != SAYS_UNWELL
}
#: So many values are tried of each name alone, so many times all names at once, and so many paths.
#: The values differ by page and name; `len(VALUES)` tries all.
ALONE, TOGETHER, IN_PATHS = 1, 1, 3
#: Read by the frame of every page, and tried with the other names.
OF_EVERY_PAGE = {"cycle"}


def assert_answered(client: Client, url: str) -> int:
    """Ask, read the answer to its end, and return its status. An error of the view is raised by the client."""
    response = client.get(url)
    if response.streaming:
        response.getvalue()
    assert response.status_code < 500, url
    return response.status_code


def check_any_address(row: Row, place: Place) -> None:
    """The page answers whatever stands in its query and its path, an administrator and an officer."""
    base = reverse(row.name, kwargs=place.kwargs)
    for role in (ADMINISTRATOR, OFFICER):
        client, of = place.client_of(role), f"{row.name} {role}"
        with pytest.MonkeyPatch.context() as monkeypatch:
            names = record_names(monkeypatch)
            if assert_answered(client, base + row.query) != 404:
                if role == ADMINISTRATOR:
                    _ask_alone(client, base, names, of=of)
                _ask_together(client, base, names, of=of)
            if role == role_of(row):
                _ask_paths(client, row, place)


def _ask_alone(client: Client, base: str, names: set[str], *, of: str) -> None:
    """Ask with one name at a time; what a name makes the page read more is asked as well."""
    tried = set(OF_EVERY_PAGE)
    while left := sorted(names - tried):
        name = left[0]
        tried.add(name)
        for value in some(VALUES, ALONE, of=f"{of} {name}"):
            assert_answered(client, f"{base}?{_pair(name, value)}")


def _ask_together(client: Client, base: str, names: set[str], *, of: str) -> None:
    drawn = {name: some(VALUES, TOGETHER, of=f"{name} {of}") for name in sorted(names)}
    for turn in range(TOGETHER if names else 0):
        assert_answered(client, f"{base}?" + "&".join(_pair(name, drawn[name][turn]) for name in drawn))


def _pair(name: str, value: str) -> str:
    return f"{name}={value.format(name=name)}"


def _ask_paths(client: Client, row: Row, place: Place) -> None:
    for key, value in place.kwargs.items():
        mark = 7_654_321 if isinstance(value, int) else "zqzq"
        url = reverse(row.name, kwargs={**place.kwargs, key: mark})
        for path in some(PATHS, IN_PATHS, of=f"{row.name} {key}"):
            assert_answered(client, url.replace(str(mark), path))
