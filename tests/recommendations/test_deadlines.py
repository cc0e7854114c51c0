"""Late and due soon: at the edges, and alike in Python and in the database."""

from datetime import date, datetime, timedelta

import pytest

from audit.clock import local_date
from recommendations.deadlines import is_due_soon, is_overdue, is_stale
from recommendations.models import Assignment
from tests.recommendations.conftest import Desk

TODAY = date(2023, 9, 14)


@pytest.mark.parametrize(
    ("days", "late", "soon"), [(-1, True, False), (0, False, True), (7, False, True), (8, False, False)]
)
def test_deadline_is_late_from_the_day_after_it(days: int, late: bool, soon: bool) -> None:
    due_on = TODAY + timedelta(days=days)
    assert is_overdue(due_on, today=TODAY) is late
    assert is_due_soon(due_on, today=TODAY, within_days=7) is soon


def test_nothing_is_owed_without_a_day_or_while_mapo_decides() -> None:
    for due_on in (None, TODAY - timedelta(days=1), TODAY):
        assert not is_overdue(due_on, today=TODAY, is_awaiting=True)
        assert not is_due_soon(due_on, today=TODAY, within_days=7, is_awaiting=True)
    assert not is_overdue(None, today=TODAY)
    assert not is_due_soon(None, today=TODAY, within_days=7)


@pytest.mark.parametrize("is_awaiting", [False, True])
@pytest.mark.parametrize("days", [-1, 0, 1])
def test_overdue_in_the_database_is_overdue_in_python(
    desk: Desk, now: datetime, days: int, is_awaiting: bool
) -> None:
    if is_awaiting:
        desk.submission()
    today = local_date(now)
    due_on = today + timedelta(days=days)
    Assignment.objects.filter(pk=desk.assignment.pk).update(next_due_on=due_on)
    found = Assignment.objects.overdue(today).filter(pk=desk.assignment.pk).exists()
    assert found is is_overdue(due_on, today=today, is_awaiting=is_awaiting)


@pytest.mark.parametrize(("days", "stale"), [(60, False), (61, True), (0, False)])
def test_agency_is_stale_after_more_than_so_many_days_of_silence(days: int, stale: bool) -> None:
    since = TODAY - timedelta(days=days)
    assert is_stale(since, today=TODAY, after_days=60) is stale
    assert not is_stale(since, today=TODAY, after_days=60, is_awaiting=True)
    assert not is_stale(None, today=TODAY, after_days=60)


def test_late_and_soon_are_said_while_the_agency_owes() -> None:
    assert is_overdue(TODAY - timedelta(days=1), today=TODAY, is_awaiting=False)
    assert is_due_soon(TODAY, today=TODAY, within_days=0, is_awaiting=False)
