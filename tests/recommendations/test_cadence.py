"""Cadence: completed owes no regular update; MAPO may ask for one by a date (docs/rules.md, Cadence)."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from audit.clock import local_date
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from privacy.checks import IdentitiesFound
from recommendations import services
from recommendations.models import AskedUpdate, Assignment, Update
from recommendations.queries.cycle_state import state_of_cycle
from recommendations.services import accept_update, ask_for_update, cancel_asked_update, supersede_verdict
from submissions.states import OPEN_STATES, SubmissionState
from tests.conftest import Clock
from tests.factories.recommendations import DONE, make_submission
from tests.recommendations.conftest import Desk

LONG_AFTER = date(2024, 2, 1)


def due_on(desk: Desk) -> date | None:
    desk.assignment.refresh_from_db()
    return desk.assignment.next_due_on


def is_late(desk: Desk, day: date) -> bool:
    """Whether the assignment is late or stale on a day; the database's list agrees."""
    agency = state_of_cycle(desk.cycle, user=desk.reviewer).items[0].agencies[0]
    listed = Assignment.objects.overdue(day).filter(pk=desk.assignment.pk).exists()
    assert agency.is_overdue(day) is listed
    return listed or agency.is_stale(day, after_days=60)


def test_completed_owes_no_regular_update(desk: Desk) -> None:
    assert is_late(desk, LONG_AFTER)
    desk.accepted(DONE)
    assert due_on(desk) is None
    assert not is_late(desk, LONG_AFTER)


def test_past_days_keep_what_was_owed_then(desk: Desk, clock: Clock) -> None:
    before = desk.now
    desk.now = clock.move_to(desk.now + timedelta(days=60))
    assert is_late(desk, local_date(desk.now))
    desk.accepted(DONE)
    then = state_of_cycle(desk.cycle, user=desk.reviewer, before=before + timedelta(days=59))
    assert then.items[0].agencies[0].is_overdue(local_date(before + timedelta(days=59)))
    now = state_of_cycle(desk.cycle, user=desk.reviewer, before=desk.now + timedelta(hours=1))
    assert not now.items[0].agencies[0].is_overdue(local_date(desk.now))


def test_superseded_to_completed_owes_no_more(desk: Desk, now: datetime) -> None:
    review = desk.accepted()
    supersede_verdict(review, status="done", percent=100, reason="Selesai.", actor=desk.reviewer, now=now)
    assert due_on(desk) is None


def test_superseded_from_completed_owes_again_but_is_never_late_at_once(desk: Desk, clock: Clock) -> None:
    for days, due in ((10, date(2023, 10, 14)), (90, date(2024, 1, 12))):
        with transaction.atomic():
            review = desk.accepted(DONE)
            later = clock.move_to(desk.now + timedelta(days=days))
            wrong = {"status": "progress", "percent": 60, "reason": "Belum selesai."}
            supersede_verdict(review, **wrong, actor=desk.reviewer, now=later)
            assert due_on(desk) == due, (days, due)
            assert not is_late(desk, local_date(later)), (days, due)
            transaction.set_rollback(True)


def test_accepted_anew_after_completed_owes_by_the_cadence(desk: Desk, clock: Clock) -> None:
    desk.accepted(DONE)
    later = clock.move_to(desk.now + timedelta(days=5))
    submission = make_submission(desk.assignment, actor=desk.officer, now=later)
    accept_update(submission, status="progress", percent=40, actor=desk.reviewer, now=later)
    assert due_on(desk) == date(2023, 10, 19)


ASKED_ON = date(2023, 10, 2)


def asked(desk: Desk, **values: Any) -> AskedUpdate:
    """MAPO asks for an update of the desk's completed assignment."""
    facts: dict[str, Any] = {"due_on": ASKED_ON, "reason": "Sila sahkan bagi mesyuarat."}
    return ask_for_update(desk.assignment, **(facts | {"actor": desk.reviewer, "now": desk.now} | values))


def withdraw_returned(desk: Desk, submission: Any) -> None:
    """MAPO returns the version, and the agency takes it back."""
    about = {"reason": "Sahkan.", "resubmit_by": date(2023, 9, 28), "now": desk.now}
    services.return_update(submission, **about, actor=desk.reviewer)
    assert due_on(desk) == date(2023, 9, 28)
    update = Update.objects.get(pk=submission.update_id)
    services.withdraw_update(update, revision=update.revision, actor=desk.officer, now=desk.now)


class TestAsk:
    def test_asked_update_is_owed_like_any_other(self, desk: Desk) -> None:
        desk.accepted(DONE)
        asked(desk)
        assert due_on(desk) == ASKED_ON
        assert not is_late(desk, ASKED_ON)
        assert is_late(desk, ASKED_ON + timedelta(days=1))
        make_submission(desk.assignment, actor=desk.officer, now=desk.now)
        assert not is_late(desk, ASKED_ON + timedelta(days=1))
        event = Event.objects.get(action="update.asked")
        assert event.after is not None
        assert event.after["next_due_on"] == "2023-10-02"
        assert "mesyuarat" not in str(event.after)

    def test_acceptance_ends_it(self, desk: Desk) -> None:
        desk.accepted(DONE)
        wanted = asked(desk)
        desk.accepted(DONE)
        wanted.refresh_from_db()
        assert (wanted.ended_by, due_on(desk)) == (desk.reviewer, None)

    def test_cancelling_ends_it_and_twice_ends_it_once(self, desk: Desk) -> None:
        desk.accepted(DONE)
        wanted = asked(desk)
        for _press in range(2):
            cancel_asked_update(wanted, actor=desk.administrator, now=desk.now)
        assert due_on(desk) is None
        assert Event.objects.filter(action="update.ask_cancelled").count() == 1
        assert asked(desk).pk != wanted.pk

    def test_a_withdrawn_answer_is_owed_again(self, desk: Desk) -> None:
        desk.accepted(DONE)
        asked(desk)
        withdraw_returned(desk, desk.submission())
        assert due_on(desk) == ASKED_ON

    def test_ending_the_assignment_ends_it(self, desk: Desk) -> None:
        desk.accepted(DONE)
        wanted = asked(desk)
        services.end_assignment(desk.assignment, reason="Pindah", actor=desk.administrator, now=desk.now)
        wanted.refresh_from_db()
        assert wanted.ended_by == desk.administrator

    def test_refused_to_all_but_mapo_and_with_a_day_that_passed_or_a_reason_that_is_none(
        self, desk: Desk
    ) -> None:
        desk.accepted(DONE)
        for values in ({"due_on": date(2023, 9, 13)}, {"due_on": date(2024, 4, 1)}, {"reason": " "}):
            with pytest.raises(NotNow):
                asked(desk, **values)
            assert not AskedUpdate.objects.exists(), values
        with pytest.raises(IdentitiesFound):
            asked(desk, reason="Mangsa 901231-14-5678 perlu disahkan.")
        for who in ("officer", "coordinator", "outsider", "observer"):
            with pytest.raises(NotAllowed):
                asked(desk, actor=getattr(desk, who))
        wanted = asked(desk)
        for who in ("officer", "coordinator", "outsider", "observer"):
            with pytest.raises(NotAllowed):
                cancel_asked_update(wanted, actor=getattr(desk, who), now=desk.now)

    def test_refused_while_something_is_owed_waits_or_is_asked(self, desk: Desk) -> None:
        with pytest.raises(NotNow):
            asked(desk)
        desk.accepted(DONE)
        asked(desk)
        with pytest.raises(NotNow):
            asked(desk)
        desk.submission()
        with pytest.raises(NotNow):
            asked(desk)


def test_withdrawing_a_returned_update_of_completed_work_owes_nothing(desk: Desk) -> None:
    desk.accepted(DONE)
    withdraw_returned(desk, desk.submission())
    assert due_on(desk) is None


def test_no_date_of_completed_work_is_moved_or_asked_about(desk: Desk) -> None:
    desk.accepted(DONE)
    terms: dict[str, Any] = {"role": "lead", "due_on": None, "cadence_days": None, "next_due_on": ASKED_ON}
    with pytest.raises(NotNow):
        services.change_assignment(desk.assignment, **terms, actor=desk.administrator, now=desk.now)
    desk.assignment.refresh_from_db()
    with pytest.raises(NotNow):
        services.ask_later_date(
            desk.assignment, reason="Cuti", proposed_on=ASKED_ON, actor=desk.officer, now=desk.now
        )


def acts_of(desk: Desk, dice: random.Random) -> list[Callable[[], Any]]:
    """What MAPO and the agency may do about the assignment today; most of it is refused on most days."""
    about = {"actor": desk.reviewer, "now": desk.now}
    soon = local_date(desk.now) + timedelta(days=dice.randint(1, 20))
    state: dict[str, Any] = dice.choice(
        [{"status": "done", "percent": 100}, {"status": "progress", "percent": dice.randint(1, 99)}]
    )
    verdict = desk.assignment.reviews.accepted().newest_first().first()
    submitted = desk.assignment.updates.filter(state=SubmissionState.SUBMITTED).first()
    opened = desk.assignment.updates.filter(state__in=OPEN_STATES).first()
    standing = desk.assignment.asked_updates.standing().first()
    acts: list[Callable[[], Any]] = [
        partial(make_submission, desk.assignment, actor=desk.officer, now=desk.now),
        partial(ask_for_update, desk.assignment, due_on=soon, reason="Sahkan", **about),
        partial(
            services.change_assignment,
            desk.assignment,
            role="lead",
            due_on=None,
            cadence_days=None,
            next_due_on=soon,
            **about,
        ),
    ]
    if verdict is not None:
        acts.append(partial(supersede_verdict, verdict, reason="Silap", **state, **about))
    if submitted is not None:
        newest = submitted.newest_submission
        assert newest is not None
        acts.append(partial(accept_update, newest, reason="Lain", **state, **about))
        acts.append(partial(services.return_update, newest, reason="Lagi", resubmit_by=soon, **about))
    if opened is not None:
        acts.append(partial(services.withdraw_update, opened, actor=desk.officer, now=desk.now))
    if standing is not None:
        acts.append(partial(cancel_asked_update, standing, **about))
    return acts


#: The rule in SQL: completed, in force, and a date all the same, though nothing is returned and nothing was asked for.
BROKEN = """
SELECT assignment.id FROM recommendations_assignment assignment
WHERE stage = 'confirmed' AND next_due_on IS NOT NULL
  AND 'done' = (SELECT status FROM recommendations_review review WHERE review.assignment_id = assignment.id
                AND decision = 'accept' ORDER BY decided_at DESC, id DESC LIMIT 1)
  AND NOT EXISTS (SELECT FROM recommendations_update update
                  WHERE update.assignment_id = assignment.id AND state IN ('returned', 'submitted'))
  AND NOT EXISTS (SELECT FROM recommendations_askedupdate asked
                  WHERE asked.assignment_id = assignment.id AND ended_at IS NULL)
"""


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_done_completed_work_owes_no_regular_update(desk: Desk, clock: Clock, seed: int) -> None:
    dice = random.Random(seed)
    done = 0
    for _day in range(25):
        desk.now = clock.move_to(desk.now + timedelta(days=dice.randint(1, 6)))
        desk.assignment.refresh_from_db()
        try:
            dice.choice(acts_of(desk, dice))()
        except NotNow:
            continue
        done += 1
        assert not list(Assignment.objects.raw(BROKEN))
        desk.assignment.refresh_from_db()
        verdict = desk.assignment.reviews.accepted().newest_first().first()
        is_free = not desk.assignment.updates.filter(state__in=OPEN_STATES).exists()
        if is_free and (verdict is None or verdict.status != "done"):
            assert desk.assignment.next_due_on is not None
    assert done > 5
