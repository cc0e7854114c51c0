"""The queue: oldest first, with what a reviewer should know before opening an update."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from accounts.roles import Role
from accounts.services.people import move_person
from evidence.states import ScanState
from recommendations.content import Content
from recommendations.models import Submission
from recommendations.permissions import may_review
from recommendations.queries.queue import next_to_decide, waiting_rows
from recommendations.services import enter_letter
from recommendations.states import AssignmentRole, Status
from submissions.services import note_writers
from tests.conftest import NOW, Clock
from tests.factories.accounts import make_agency, make_person
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED, make_assignment, make_item, make_submission
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of

pytestmark = pytest.mark.django_db
QUEUE = "/reviews/"


def another(desk: Desk, number: int, *, now: datetime | None = None) -> Submission:
    """One more waiting update, of another agency on another item."""
    agency = make_agency(f"AG{number}")
    item = make_item(desk.cycle, number=number)
    assignment = make_assignment(
        item, agency, actor=desk.administrator, now=now or desk.now, role=AssignmentRole.SUPPORT
    )
    return make_submission(assignment, actor=make_person(Role.OFFICER, agency), now=now or desk.now)


def by_letter(desk: Desk, *, actor: User) -> Submission:
    return enter_letter(
        desk.assignment,
        content=REPORTED,
        reference="KDN/1",
        letter_on=date(2023, 9, 1),
        actor=actor,
        now=desk.now,
    )


def test_queue_when_empty_says_that_nothing_waits(desk: Desk) -> None:
    assert "Nothing waits for a decision" in text_of(Visitor(desk.reviewer).get(QUEUE))


def test_queue_lists_the_oldest_first_with_its_waiting_days(desk: Desk, clock: Clock) -> None:
    first = desk.submission()
    second = another(desk, 2, now=clock.move_to(NOW + timedelta(days=6)))
    response = Visitor(desk.reviewer).get(QUEUE)
    assert [row.submission.pk for row in response.context["page"].rows] == [first.pk, second.pk]
    assert [row.waiting_days for row in response.context["page"].rows] == [6, 0]
    text = text_of(response)
    assert (
        "2 updates are waiting" in text
        and "Recommendation 1" in text
        and "In progress 40%" in text
        and "6 days" in text
    )


@pytest.mark.parametrize("language", ["ms", "en"])
def test_queue_in_both_languages(desk: Desk, language: str) -> None:
    desk.submission()
    response = Visitor(desk.reviewer, language).get(QUEUE)
    assert response.status_code == 200
    assert f'lang="{language}"' in response.content.decode()


def test_queue_is_hidden_from_everybody_else(desk: Desk) -> None:
    for person in (desk.officer, desk.coordinator, desk.observer):
        assert Visitor(person).get(QUEUE).status_code == 404


def test_queue_flags_letters_versions_and_held_files(desk: Desk, settings: Settings) -> None:
    document = make_document(desk.agency, actor=desk.officer, now=desk.now)
    desk.submission(Content(**{**REPORTED.__dict__, "document_ids": frozenset({document.pk})}))
    settings.SCANNER = "clamav"
    assert document.scan_state in (ScanState.UNSCANNED, ScanState.PENDING)
    assert "1 file held" in text_of(Visitor(desk.reviewer).get(QUEUE))


def test_queue_without_notes_has_no_column_for_them(desk: Desk) -> None:
    desk.submission()
    assert "To note" not in text_of(Visitor(desk.reviewer).get(QUEUE))
    another(desk, 2)
    assert "To note" not in text_of(Visitor(desk.reviewer).get(QUEUE))


def test_queue_says_why_the_reader_may_not_decide(desk: Desk) -> None:
    by_letter(desk, actor=desk.reviewer)
    assert "You wrote this update" in text_of(Visitor(desk.reviewer).get(QUEUE))
    text = text_of(Visitor(desk.second_reviewer).get(QUEUE))
    assert "You wrote this update" not in text and "By letter" in text


def test_queue_says_that_nobody_may_decide_on_the_secretariat_itself(desk: Desk) -> None:
    kdn = desk.reviewer.agency
    item = make_item(desk.cycle, number=5)
    assignment = make_assignment(item, kdn, actor=desk.administrator, now=desk.now)
    make_submission(assignment, actor=make_person(Role.OFFICER, kdn), now=desk.now)
    assert "Nobody may decide" in text_of(Visitor(desk.reviewer).get(QUEUE))
    other = make_agency("NSO")
    make_person(Role.REVIEWER, other, joined_at=None)
    assert "Nobody may decide" in text_of(Visitor(desk.reviewer).get(QUEUE)), "an invited reviewer cannot"
    make_person(Role.REVIEWER, other)
    text = text_of(Visitor(desk.reviewer).get(QUEUE))
    assert "Nobody may decide" not in text and "You belong to this agency" in text


def test_queue_and_permissions_agree_on_who_may_decide(desk: Desk, clock: Clock) -> None:
    moved = make_person(Role.REVIEWER, desk.agency)
    former = make_person(Role.REVIEWER, make_agency("NSO"))
    lowered = make_person(Role.REVIEWER, make_agency("JPM"), clearance=0)
    submission = by_letter(desk, actor=desk.second_reviewer)
    clock.move_to(NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=1)
    move_person(moved, agency=make_agency("SPRM"), actor=desk.administrator, now=later)
    move_person(former, agency=desk.agency, actor=desk.administrator, now=later)
    for person in (desk.reviewer, desk.second_reviewer, desk.administrator, moved, former, lowered):
        person.refresh_from_db()
        rows = {row.submission.pk: row.may_decide for row in waiting_rows(person, today=date(2023, 9, 14))}
        assert rows.get(submission.pk, False) == may_review(person, submission), person.agency.code


def test_next_to_decide_goes_round_and_skips_what_the_reader_may_not(desk: Desk) -> None:
    first = desk.submission()
    by_other = another(desk, 2)
    third = another(desk, 3)
    note_writers(by_other.update, desk.reviewer.pk)
    rows = waiting_rows(desk.reviewer, today=date(2023, 9, 14))
    assert [row.may_decide for row in rows] == [True, False, True]
    after_first, after_third = (next_to_decide(rows, after=each.update_id) for each in (first, third))
    assert after_first is not None and after_first.submission.pk == third.pk
    assert after_third is not None and after_third.submission.pk == first.pk
    assert next_to_decide([], after=None) is None


@pytest.mark.parametrize("count", [1, 3])
def test_queue_takes_the_same_queries_at_one_row_and_at_three(
    desk: Desk, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(2, 2 + count):
        another(desk, number)
    visitor = Visitor(desk.reviewer)
    visitor.get(QUEUE)
    with django_assert_max_num_queries(9) as captured:
        visitor.get(reverse("recommendations:queue"))
    assert len(captured) == 9


def test_status_words_are_those_of_the_claim(desk: Desk) -> None:
    desk.submission(Content(**{**REPORTED.__dict__, "status": Status.DONE, "percent": 100}))
    assert "Completed 100%" in text_of(Visitor(desk.reviewer).get(QUEUE))
