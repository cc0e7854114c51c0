"""MAPO answers what agencies ask."""

from __future__ import annotations

from datetime import date

import pytest

from recommendations import services
from recommendations.models import Assignment, AssignmentRequest
from recommendations.states import Stage
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of, toasts
from tests.shared import shared

pytestmark = pytest.mark.django_db
REQUESTS = "/assignments/?tab=requests"


@shared
def declined(desk: Desk) -> AssignmentRequest:
    return services.decline_assignment(
        desk.assignment, reason="Bukan bidang kami", actor=desk.officer, now=desk.now
    )


@shared
def later(desk: Desk) -> AssignmentRequest:
    return services.ask_later_date(
        desk.assignment, reason="Data lewat", proposed_on=date(2023, 11, 1), actor=desk.officer, now=desk.now
    )


def url(asked: AssignmentRequest) -> str:
    return f"/requests/{asked.pk}/answer/"


def test_requests_show_what_is_asked_and_an_answer_that_is_none_is_refused(
    desk: Desk, later: AssignmentRequest
) -> None:
    text = text_of(Visitor(desk.reviewer).get(REQUESTS))
    assert "Move the next update to 1 November 2023" in text
    assert "Data lewat" in text and desk.officer.name in text
    for answer in ("", "maybe"):
        response = Visitor(desk.reviewer).post(url(later), {"answer": answer, "reason": "Ditaip"})
        later.refresh_from_db()
        assert response.status_code == 422 and later.answer == "" and "Ditaip" in response.content.decode(), (
            answer
        )
    visitor = Visitor(desk.reviewer)
    assert visitor.post("/requests/987654321/answer/", {"answer": "grant"}).status_code == 404
    assert visitor.get(url(later))["Location"] == "/"


def test_no_request_says_so(desk: Desk) -> None:
    assert "No request waits" in text_of(Visitor(desk.reviewer).get(REQUESTS))


def test_grant_of_a_decline_ends_the_assignment(desk: Desk, declined: AssignmentRequest) -> None:
    response = Visitor(desk.reviewer).post(url(declined), {"answer": "grant", "reason": ""}, follow=True)
    assert toasts(response) == ["Granted: PDRM, Recommendation 1."]
    assert Assignment.objects.get().stage == Stage.ENDED
    assert "Granted" in text_of(response)


def test_grant_of_a_later_date_moves_the_date(desk: Desk, later: AssignmentRequest) -> None:
    Visitor(desk.reviewer).post(url(later), {"answer": "grant", "reason": ""})
    assert Assignment.objects.get().next_due_on == date(2023, 11, 1)


def test_refuse_needs_a_reason_and_changes_nothing_else(desk: Desk, later: AssignmentRequest) -> None:
    visitor, due = Visitor(desk.reviewer), desk.assignment.next_due_on
    response = visitor.post(url(later), {"answer": "refuse", "reason": " "})
    assert response.status_code == 422 and "Give the reason for refusing" in text_of(response)
    visitor.post(url(later), {"answer": "refuse", "reason": "Terlalu lewat"})
    later.refresh_from_db()
    assert (later.answer, later.answer_reason) == ("refused", "Terlalu lewat")
    assert Assignment.objects.get().next_due_on == due


def test_second_reviewer_is_told_and_keeps_the_typed_reason(desk: Desk, later: AssignmentRequest) -> None:
    services.answer_request(later, grant=True, actor=desk.second_reviewer, now=desk.now)
    response = Visitor(desk.reviewer).post(url(later), {"answer": "refuse", "reason": "Alasan saya"})
    text = text_of(response)
    assert response.status_code == 422
    assert "has already been answered" in text and "Alasan saya" in text and desk.second_reviewer.name in text


def test_held_by_a_waiting_update_the_decline_is_not_granted(desk: Desk, declined: AssignmentRequest) -> None:
    desk.submission()
    response = Visitor(desk.reviewer).post(url(declined), {"answer": "grant", "reason": "Baik"})
    declined.refresh_from_db()
    assert response.status_code == 422 and declined.answer == ""
    assert "waiting for a decision" in text_of(response) and "Baik" in response.content.decode()


def test_posted_fields_that_the_form_does_not_show_change_nothing(
    desk: Desk, later: AssignmentRequest
) -> None:
    extra = {"proposed_on": "2024-03-01", "kind": "decline", "answered_by": desk.officer.pk}
    Visitor(desk.reviewer).post(url(later), {"answer": "grant", "reason": "", **extra})
    later.refresh_from_db()
    assert later.answered_by == desk.reviewer and later.kind == "later"
    assert Assignment.objects.get().next_due_on == date(2023, 11, 1)
