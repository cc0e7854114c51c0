"""The outcome of an assignment follows each act, and is told as at each instant."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection

from audit.clock import local_date
from imports.services.reviews import accept_opening, return_opening
from recommendations import services
from recommendations.models import Outcome, Review, Submission
from tests.conftest import NOW, Clock
from tests.factories.recommendations import make_submission
from tests.imports.openings import by, waiting
from tests.recommendations.conftest import Desk
from tests.recommendations.outcomes import pointers_by_hand

pytestmark = pytest.mark.django_db


def outcome(desk: Desk) -> Outcome:
    """The outcome of the desk's assignment now, which is what its rows say."""
    found = Outcome.objects.select_related("verdict", "waiting", "returned").get(pk=desk.assignment.pk)
    assert (found.verdict_id, found.waiting_id, found.returned_id) == pointers_by_hand(desk.assignment)
    return found


def told(desk: Desk) -> tuple[str, int, Review | None, Submission | None, Review | None]:
    """Status, percentage, verdict, what waits, and what returned it."""
    found = outcome(desk)
    return found.status, found.percent, found.verdict, found.waiting, found.returned


def outcome_at(desk: Desk, instant: datetime) -> tuple[str, int, int | None, int | None, int | None]:
    """The outcome of the desk's assignment before an instant: status, percentage, and the three ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status, percent, verdict_id, waiting_id, returned_id FROM outcome_at(%s) WHERE assignment_id = %s",
            [instant, desk.assignment.pk],
        )
        (row,) = cursor.fetchall()
        return row


def test_assignment_without_any_act_has_an_outcome(desk: Desk) -> None:
    assert told(desk) == ("none", 0, None, None, None)
    desk.draft()
    assert told(desk) == ("none", 0, None, None, None), "a draft is its agency's alone"


def test_outcome_follows_sending_withdrawing_and_accepting(desk: Desk, now: datetime) -> None:
    submission = desk.submission()
    assert told(desk) == ("none", 0, None, submission, None)
    services.withdraw_update(submission.update, actor=desk.officer, now=now)
    assert told(desk) == ("none", 0, None, None, None)
    review = desk.accepted()
    assert told(desk) == ("progress", 40, review, None, None)


def test_outcome_tells_a_return_until_it_is_sent_again(desk: Desk, now: datetime) -> None:
    former = desk.accepted()
    submission = desk.submission()
    about = {"resubmit_by": local_date(now) + timedelta(days=7), "actor": desk.reviewer, "now": now}
    returned = services.return_update(submission, reason="Nyatakan bilangan.", **about)
    assert told(desk) == ("progress", 40, former, None, returned)
    update = submission.update
    update.refresh_from_db()
    again = desk.submission()
    assert again.update_id == update.pk
    assert told(desk) == ("progress", 40, former, again, None)


def test_correction_is_the_verdict_and_days_before_keep_the_old_one(desk: Desk, clock: Clock) -> None:
    former = desk.accepted()
    later = clock.move_to(NOW + timedelta(days=2))
    correction = services.supersede_verdict(
        former, status="done", percent=100, reason="Tersilap kira.", actor=desk.reviewer, now=later
    )
    assert told(desk) == ("done", 100, correction, None, None)
    assert outcome(desk).is_completed
    assert outcome_at(desk, later)[:3] == ("progress", 40, former.pk)
    assert outcome_at(desk, later + timedelta(seconds=1))[:3] == ("done", 100, correction.pk)
    assert outcome_at(desk, NOW - timedelta(days=1)) == ("none", 0, None, None, None)


def test_past_knows_what_waited_and_what_had_come_back(desk: Desk, clock: Clock) -> None:
    submission = desk.submission()
    returned_at = clock.move_to(NOW + timedelta(days=1))
    about = {"resubmit_by": local_date(NOW) + timedelta(days=9), "actor": desk.reviewer, "now": returned_at}
    returned = services.return_update(submission, reason="Nyatakan bilangan.", **about)
    assert told(desk) == ("none", 0, None, None, returned)
    again_at = clock.move_to(NOW + timedelta(days=2))
    again = make_submission(desk.assignment, actor=desk.officer, now=again_at)
    withdrawn_at = clock.move_to(NOW + timedelta(days=3))
    services.withdraw_update(again.update, actor=desk.officer, now=withdrawn_at)
    assert told(desk) == ("none", 0, None, None, None)
    moments = (returned_at, again_at, withdrawn_at, withdrawn_at + timedelta(seconds=1))
    assert [outcome_at(desk, instant)[3:] for instant in moments] == [
        (submission.pk, None), (None, returned.pk), (again.pk, None), (None, None),
    ]  # fmt: skip


def test_report_of_the_last_day_speaks_for_an_opening_import(desk: Desk) -> None:
    """Its newest report stands in the middle of the file."""
    opening = waiting(desk)
    last = opening.updates.order_by("-reported_on")[0]
    sent = outcome(desk).waiting
    assert sent is not None and sent.update == last and sent.percent == 55
    accept_opening(opening, **by(desk.reviewer, desk))
    assert told(desk)[:2] == ("progress", 55)


def test_returned_opening_import_is_told_by_its_last_report(desk: Desk) -> None:
    opening = waiting(desk)
    return_opening(
        opening, reason="Nyatakan.", resubmit_by=NOW.date() + timedelta(days=5), **by(desk.reviewer, desk)
    )
    returned = outcome(desk).returned
    assert returned is not None and returned.submission.percent == 55
