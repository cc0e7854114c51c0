"""Readings that are built once a process answer what the ordinary querysets answer, whoever asks."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.clearance import Clearance
from recommendations.models import Assignment, Review
from recommendations.queries import (
    accepted,
    agency_lines,
    comments,
    item_page,
    my_work,
    neighbours,
    queue,
    timeline,
)
from recommendations.queries.prepared import Prepared
from recommendations.services import (
    accept_update,
    ask_later_date,
    override_item,
    plan_action,
    return_update,
    suggest_assignment,
    write_comment,
)
from tests.factories.accounts import make_agency
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED
from tests.recommendations.conftest import Desk

PEOPLE = ["officer", "colleague", "coordinator", "outsider", "reviewer", "administrator", "observer"]


@pytest.fixture
def busy(desk: Desk, now: datetime) -> Desk:
    """The desk with something of every kind, some of it above the clearance of the agency's people."""
    for level in (Clearance.RESTRICTED, Clearance.CONFIDENTIAL):
        document = make_document(desk.agency, actor=desk.administrator, now=now, classification=level)
        submission = desk.submission(replace(REPORTED, document_ids=frozenset({document.pk})))
        accept_update(submission, status="progress", percent=40, actor=desk.reviewer, now=now)
        people = (
            [desk.officer, desk.second_reviewer] if level == Clearance.RESTRICTED else [desk.administrator]
        )
        write_comment(
            desk.assignment, text="?", classification=level, mentioned=people, actor=desk.reviewer, now=now
        )
    override_item(desk.item, status="progress", percent=30, reason="!", actor=desk.reviewer, now=now)
    day = now.date()
    later = day + timedelta(days=90)
    plan_action(desk.assignment, text="Kursus", owner=desk.officer, due_on=day, actor=desk.officer, now=now)
    ask_later_date(desk.assignment, reason="Kursus", proposed_on=later, actor=desk.officer, now=now)
    suggest_assignment(
        desk.item, agency=make_agency("JKDM"), role="support", actor=desk.administrator, now=now
    )
    returned = desk.submission()
    by = day + timedelta(days=5)
    return_update(returned, reason="Nyatakan bilangan.", resubmit_by=by, actor=desk.reviewer, now=now)
    return desk


def same(reading: Prepared, user: Any, **values: Any) -> list[Any]:
    """Ask both ways, twice, and return the answer."""
    expected = list(reading.queryset(user, **values))
    for _time in range(2):
        assert [tuple(row) for row in reading.rows(user, **values)] == expected
    return expected


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("clearance", [Clearance.OPEN, Clearance.RESTRICTED, Clearance.CONFIDENTIAL])
def test_prepared_readings_answer_like_their_querysets(busy: Desk, who: str, clearance: Clearance) -> None:
    user = getattr(busy, who)
    user.clearance = clearance
    for reading in (
        my_work._assignments,
        my_work._readable_updates,
        my_work._returns,
        my_work._own_steps,
        comments._unseen,
    ):
        same(reading, user)
    for reading in (
        neighbours._items_beside,
        agency_lines.read_assignments,
        timeline._newest_verdicts,
        timeline._every_verdict,
        item_page._every_document,
        item_page._planned_or_done,
    ):
        same(reading, user, item_id=busy.item.pk)
    same(comments._newest, user, assignment_id=busy.assignment.pk)
    updates = list(busy.assignment.updates.values_list("pk", flat=True))
    same(item_page._cited_documents, user, update_ids=updates)
    same(accepted._readable, user, review_ids=list(Review.objects.values_list("pk", flat=True)))


def test_one_plan_serves_people_of_one_role_each_with_their_own(desk: Desk) -> None:
    assert len(same(my_work._assignments, desk.officer)) == 1
    assert same(my_work._assignments, desk.outsider) == []
    assert len(same(my_work._assignments, desk.coordinator)) == 1


@pytest.mark.parametrize("length", [1, 15, 16, 17, 40])
def test_lists_of_any_length_find_exactly_their_own(desk: Desk, length: int) -> None:
    reading = Prepared(
        lambda user, ids: (
            Assignment.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "item__number")
        )
    )
    ids = [desk.assignment.pk + step for step in range(length)]
    assert [row.pk for row in reading.rows(desk.officer, ids=ids)] == [desk.assignment.pk]
    assert reading.rows(desk.officer, ids=[desk.assignment.pk + 1]) == []


def test_empty_list_and_nothing_to_see_ask_no_query(desk: Desk, django_assert_num_queries: Any) -> None:
    reading = Prepared(
        lambda user, ids: Assignment.objects.answered_by(user).filter(pk__in=ids).values_list("pk")
    )
    with django_assert_num_queries(0):
        assert reading.rows(desk.officer, ids=[]) == []
        assert reading.rows(desk.observer, ids=[1]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["reviewer", "second_reviewer", "administrator"])
def test_prepared_instances_are_what_the_queryset_gives(desk: Desk, who: str) -> None:
    """With all that is selected beside them: templates ask for it without a query."""
    user, reading = getattr(desk, who), Prepared(queue.waiting_submissions)
    desk.submission()
    told, made = reading.rows(user), list(reading.queryset(user))
    assert told and [each.__dict__.keys() for each in told] == [each.__dict__.keys() for each in made]
    for one, other in zip(told, made, strict=True):
        assert (one, one.held_count, one.rows_count) == (other, other.held_count, other.rows_count)
        assert one.update.assignment.item.cycle == other.update.assignment.item.cycle
        assert one.submitted_by == other.submitted_by and one.update.opening == other.update.opening
