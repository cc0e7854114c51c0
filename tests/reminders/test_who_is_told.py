"""The steps of the ladder in Python: who is told of an assignment, and who coordinates an agency."""

from __future__ import annotations

from accounts.roles import Role
from reminders.due.audiences import _quoted, coordinates, is_told

#: People who act for an agency, each with whether they coordinate it.
OFFICER, COLLEAGUE, COORDINATOR, STRANGER = 1, 2, 3, 4
WITH_COORDINATOR = {OFFICER: False, COLLEAGUE: False, COORDINATOR: True}
OFFICERS_ALONE = {OFFICER: False, COLLEAGUE: False}


def test_responsible_officers_and_coordinators_are_told() -> None:
    for named, actors, told in (
        ([OFFICER], WITH_COORDINATOR, {OFFICER, COORDINATOR}),
        ([OFFICER, COLLEAGUE], WITH_COORDINATOR, {OFFICER, COLLEAGUE, COORDINATOR}),
        ([], WITH_COORDINATOR, {COORDINATOR}),
        ([STRANGER], WITH_COORDINATOR, {COORDINATOR}),
        ([OFFICER], OFFICERS_ALONE, {OFFICER}),
        ([STRANGER, OFFICER], OFFICERS_ALONE, {OFFICER}),
        ([], OFFICERS_ALONE, {OFFICER, COLLEAGUE}),
        ([STRANGER], OFFICERS_ALONE, {OFFICER, COLLEAGUE}),
        ([STRANGER], {}, set()),
    ):
        everybody = (OFFICER, COLLEAGUE, COORDINATOR, STRANGER)
        assert {person for person in everybody if is_told(person, named=named, actors=actors)} == told, named


def test_coordinators_and_who_acts_for_them_coordinate_as_sql_has_it() -> None:
    for role, is_acting, does in (
        (Role.COORDINATOR, False, True),
        (Role.OFFICER, True, True),
        (Role.OFFICER, False, False),
        (Role.COORDINATOR, True, True),
    ):
        assert coordinates(role, is_acting=is_acting) is does, role
    assert _quoted(["officer", "coordinator"]) == "'officer', 'coordinator'"
