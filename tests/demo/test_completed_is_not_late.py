"""The demonstration moved on: finished work is red nowhere (docs/rules.md, Cadence)."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from audit.clock import KUALA_LUMPUR
from meetings.states import PointKind
from recommendations.models import Assignment, Cycle
from recommendations.queries.cycle_state import state_of_cycle
from recommendations.queries.my_work import read_my_work
from recommendations.queries.my_work_tasks import TaskGroup
from recommendations.states import Status, item_key
from reminders.kinds import ReminderKind
from reminders.models import Reminder
from reminders.queries.feed.calendar import load_feed
from reminders.services.planning import plan
from reports.summary.content import SummaryContent
from reports.summary.selection import Selection
from submissions.states import SubmissionState
from tests.conftest import Clock

pytestmark = pytest.mark.long

LATER = datetime(2023, 10, 16, 9, tzinfo=KUALA_LUMPUR)
DAY = date(2023, 10, 16)
#: What the pages say of something late.
LATE = re.compile(r"days? late|overdue|Was due|late by", re.I)


@pytest.fixture
def later(clock: Clock) -> datetime:
    return clock.move_to(LATER)


@pytest.fixture
def finished(later: datetime) -> dict[int, Assignment]:
    """The assignments whose newest verdict is "completed" and that MAPO has not returned since."""
    rows = Assignment.objects.in_force().exclude(updates__state=SubmissionState.RETURNED)
    found = {row.pk: row for row in rows.filter(outcome__status=Status.DONE)}
    assert len(found) > 3
    return found


def person(role: Role) -> User:
    return User.objects.filter(role=role, is_active=True).order_by("pk")[0]


def test_states_and_lists_agree(finished: dict[int, Assignment]) -> None:
    state = state_of_cycle(Cycle.objects.get(year=2023), user=person(Role.REVIEWER))
    late = {agency.assignment_id for _item, agency in state.pairs() if agency.is_overdue(DAY)}
    stale = {agency.assignment_id for _item, agency in state.pairs() if agency.is_stale(DAY, after_days=60)}
    listed = set(Assignment.objects.overdue(DAY).values_list("pk", flat=True))
    assert late == listed and late
    assert not finished.keys() & (late | stale)


def test_nobody_is_reminded_of_an_update(finished: dict[int, Assignment], later: datetime) -> None:
    plan(now=later)
    due = Reminder.objects.filter(what=ReminderKind.UPDATE_DUE, settled_at=None)
    reminded = set(due.values_list("assignment_id", flat=True))
    assert reminded and not reminded & finished.keys()


def test_no_calendar_shows_an_update(finished: dict[int, Assignment], later: datetime) -> None:
    for row in finished.values():
        officer = User.objects.able_to_act().in_agency(row.agency_id).order_by("pk")[0]
        standing = [each for each in load_feed(officer, now=later).entries if each.cancelled_at is None]
        assert not [
            each for each in standing if (each.what, each.number) == (ReminderKind.UPDATE_DUE, row.pk)
        ]


def test_my_work_has_them_under_completed(finished: dict[int, Assignment], later: datetime) -> None:
    for row in finished.values():
        officer = User.objects.able_to_act().in_agency(row.agency_id).order_by("pk")[0]
        groups = read_my_work(officer, today=DAY).groups
        for group in (TaskGroup.OVERDUE, TaskGroup.TO_SEND):
            assert row.pk not in {task.assignment.pk for task in groups[group] if not task.is_draft}


def test_council_paper_accuses_nobody(finished: dict[int, Assignment], later: datetime) -> None:
    cycle = Cycle.objects.get(year=2023)
    content = SummaryContent(Selection(year=2023, day=DAY), cycle=cycle, reader=person(Role.REVIEWER))
    late = {(item_key(row.item_kind, row.number), row.agency) for row in content.issues[PointKind.LATE]}
    codes = {(item_key(row.item.kind, row.item.number), row.agency.code) for row in finished.values()}
    assert late
    assert not codes & late
    # What every writer prints: the PDF, the sheet, the workbook and its counts.
    rows = {(item.key, agency.code): agency.late_days for item in content.items for agency in item.agencies}
    assert len(late) == sum(days is not None for days in rows.values())
    assert all(rows[each] is None for each in codes)


def test_page_of_each_says_that_no_regular_update_is_due(
    finished: dict[int, Assignment], later: datetime, client: Client
) -> None:
    reviewer = person(Role.REVIEWER)
    reviewer.language = "en"
    reviewer.save(update_fields=["language"])
    client.force_login(reviewer)
    for row in finished.values():
        page = client.get(reverse("recommendations:assignment", args=[row.pk])).content.decode()
        assert "No regular update is due" in page
        assert not LATE.search(page.partition("<main")[2])
