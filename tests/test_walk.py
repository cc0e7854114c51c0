"""Every address × every role × one's own and a foreign agency, from the URLconf: one walk, a test an address."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.matrix import ROLES, Row
from tests.walk import addresses, expired, forms, rights
from tests.walk.place import ROWS, URLS, Place, place, sessions, undone, world

__all__ = ["place", "sessions", "world"]
Check = Callable[[Row, Place], None]


def checks_of(row: Row) -> Iterator[Check]:
    """Yield what is asked of a row."""
    if rights.tells_of_rights(row):
        yield rights.check_each_role
    if rights.hides_a_thing_by_number(row):
        yield rights.check_missing_thing
    if rights.OPTIONAL.get(row.name) is row:
        yield rights.check_lacking_address
    if row.name in rights.MARKED:
        yield rights.check_old_proof
    if addresses.PAGES.get(row.name) is row:
        yield addresses.check_any_address
    if forms.FORMS.get(row.name) is row:
        yield from (forms.check_bad_input, forms.check_anything_typed, forms.check_unseen_text)
    if expired.POSTS.get(row.name) is row:
        yield expired.check_expired_session


@pytest.mark.parametrize("row", [row for row in ROWS if any(checks_of(row))], ids=str)
def test_address(row: Row, place: Place) -> None:
    for check in checks_of(row):
        with undone():
            check(row, place)


@pytest.mark.long
@pytest.mark.parametrize("row", forms.FORMS.values(), ids=str)
def test_each_field_of_a_form(row: Row, place: Place) -> None:
    forms.check_each_field(row, place)


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


def test_every_row_answers_for_every_role() -> None:
    assert [str(row) for row in ROWS if set(row.expected) != set(ROLES)] == []
