"""The steps of the ladder in Python: who is told of an assignment, and who coordinates an agency."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from reminders.due.audiences import _quoted, coordinates, is_told

#: People who act for an agency, each with whether they coordinate it.
OFFICER, COLLEAGUE, COORDINATOR, STRANGER = 1, 2, 3, 4
WITH_COORDINATOR = {OFFICER: False, COLLEAGUE: False, COORDINATOR: True}
OFFICERS_ALONE = {OFFICER: False, COLLEAGUE: False}


@pytest.mark.parametrize(
    ("named", "actors", "told"),
    [
        ([OFFICER], WITH_COORDINATOR, {OFFICER, COORDINATOR}),
        ([OFFICER, COLLEAGUE], WITH_COORDINATOR, {OFFICER, COLLEAGUE, COORDINATOR}),
        ([], WITH_COORDINATOR, {COORDINATOR}),
        ([STRANGER], WITH_COORDINATOR, {COORDINATOR}),
        ([OFFICER], OFFICERS_ALONE, {OFFICER}),
        ([STRANGER, OFFICER], OFFICERS_ALONE, {OFFICER}),
        ([], OFFICERS_ALONE, {OFFICER, COLLEAGUE}),
        ([STRANGER], OFFICERS_ALONE, {OFFICER, COLLEAGUE}),
        ([STRANGER], {}, set()),
    ],
)
def test_responsible_officers_and_coordinators_are_told(
    named: list[int], actors: dict[int, bool], told: set[int]
) -> None:
    everybody = (OFFICER, COLLEAGUE, COORDINATOR, STRANGER)
    assert {person for person in everybody if is_told(person, named=named, actors=actors)} == told


@pytest.mark.parametrize(
    ("role", "is_acting", "does"),
    [
        (Role.COORDINATOR, False, True),
        (Role.OFFICER, True, True),
        (Role.OFFICER, False, False),
        (Role.COORDINATOR, True, True),
    ],
)
def test_coordinators_and_who_acts_for_them_coordinate(role: str, is_acting: bool, does: bool) -> None:
    assert coordinates(role, is_acting=is_acting) is does


def test_roles_are_listed_as_sql_has_it() -> None:
    assert _quoted(["officer", "coordinator"]) == "'officer', 'coordinator'"
