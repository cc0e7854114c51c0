"""An agency takes back what it asked, before MAPO has answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.db import DatabaseError, transaction

from audit.errors import DomainError, NotAllowed, NotNow
from audit.models import Event
from recommendations.models import Assignment, AssignmentRequest
from recommendations.services import answer_request, ask_later_date, decline_assignment, withdraw_request
from recommendations.states import Stage
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.recommendations.at_once import at_once
from tests.recommendations.conftest import Desk, make_desk


def declined(desk: Desk) -> AssignmentRequest:
    return decline_assignment(desk.assignment, reason="Bukan kami.", actor=desk.officer, now=desk.now)


def later(desk: Desk) -> AssignmentRequest:
    about = {"reason": "Data lewat.", "actor": desk.officer, "now": desk.now}
    return ask_later_date(desk.assignment, proposed_on=date(2023, 11, 1), **about)


@pytest.mark.parametrize(
    ("ask", "kind", "proposed_on"), [(declined, "decline", None), (later, "later", "2023-11-01")]
)
def test_withdraw_request_by_a_colleague_closes_it_and_records_one_event(
    desk: Desk,
    now: datetime,
    ask: Callable[[Desk], AssignmentRequest],
    kind: str,
    proposed_on: str | None,
) -> None:
    asked = ask(desk)
    due_on = Assignment.objects.get(pk=desk.assignment.pk).next_due_on
    known = set(Event.objects.values_list("pk", flat=True))
    withdraw_request(asked, actor=desk.colleague, now=now)
    withdraw_request(asked, actor=desk.officer, now=now)
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by, asked.answered_at) == ("withdrawn", desk.colleague, now)
    assert not AssignmentRequest.objects.unanswered().exists()
    event = Event.objects.exclude(pk__in=known).get()
    assert (event.action, event.object_id) == ("request.withdrawn", str(asked.pk))
    assert event.after == {"answer": "withdrawn", "kind": kind, "proposed_on": proposed_on}
    assert Assignment.objects.get(pk=desk.assignment.pk).next_due_on == due_on
    assert (event.agency_id, event.item_id) == (desk.agency.pk, desk.item.pk)


def test_agency_may_ask_again_afterwards(desk: Desk, now: datetime) -> None:
    withdraw_request(declined(desk), actor=desk.officer, now=now)
    declined(desk)
    assert AssignmentRequest.objects.count() == 2


@pytest.mark.parametrize("grant", [True, False])
def test_withdraw_request_refused_once_answered(desk: Desk, now: datetime, grant: bool) -> None:
    asked = declined(desk)
    answer_request(asked, grant=grant, reason="Masih perlu.", actor=desk.reviewer, now=now)
    with pytest.raises((NotNow, NotAllowed)):
        withdraw_request(asked, actor=desk.officer, now=now)
    assert AssignmentRequest.objects.get().answer == ("granted" if grant else "refused")


@pytest.mark.parametrize("who", ["outsider", "reviewer", "administrator", "observer"])
def test_withdraw_request_refused_to_others(desk: Desk, now: datetime, who: str) -> None:
    asked = declined(desk)
    with pytest.raises(NotAllowed):
        withdraw_request(asked, actor=getattr(desk, who), now=now)
    assert AssignmentRequest.objects.unanswered().exists()


def test_answer_request_refused_once_withdrawn(desk: Desk, now: datetime) -> None:
    asked = declined(desk)
    withdraw_request(asked, actor=desk.officer, now=now)
    with pytest.raises(NotNow):
        answer_request(asked, grant=True, actor=desk.reviewer, now=now)
    assert Assignment.objects.get().stage == Stage.CONFIRMED


def test_database_keeps_that_it_was_withdrawn(desk: Desk, now: datetime) -> None:
    asked = withdraw_request(declined(desk), actor=desk.officer, now=now)
    for change in ({"answer": "granted"}, {"answer": "", "answered_at": None, "answered_by": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            AssignmentRequest.objects.filter(pk=asked.pk).update(**change)


def test_withdraw_request_leaves_nothing_when_it_fails(
    desk: Desk, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = declined(desk)

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("recommendations.services.requests.record_on", fail)
    with pytest.raises(RuntimeError):
        withdraw_request(asked, actor=desk.officer, now=now)
    assert AssignmentRequest.objects.unanswered().exists()


def test_withdrawal_and_answer_at_once_do_one_of_the_two(real_db: WorkerDatabase, clock: Clock) -> None:
    desk = make_desk(clock.move_to(NOW))
    asked = declined(desk)
    withdrawn, answered = at_once(
        lambda: withdraw_request(asked, actor=desk.officer, now=desk.now),
        lambda: answer_request(asked, grant=True, actor=desk.reviewer, now=desk.now),
    )
    assert isinstance(withdrawn, DomainError) != isinstance(answered, DomainError)
    is_granted = AssignmentRequest.objects.get().answer == "granted"
    assert Assignment.objects.get().stage == (Stage.ENDED if is_granted else Stage.CONFIRMED)
