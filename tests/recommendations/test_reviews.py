"""MAPO's decisions."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from accounts.services.people import move_person
from audit.clock import local_date
from audit.errors import DomainError, NotAllowed, NotNow
from audit.models import Event
from recommendations.models import Assignment, Review, Submission, Update
from recommendations.services import (
    accept_update,
    copy_update,
    return_update,
    save_update,
    submit_update,
    supersede_verdict,
    withdraw_update,
)
from recommendations.states import Status
from submissions.states import SubmissionState
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.accounts import UserFactory
from tests.factories.recommendations import REPORTED, make_submission
from tests.recommendations.conftest import Desk, make_desk
from tests.recommendations.pages import browser_of, words_of


class TestAccept:
    def test_accept_update_sets_the_next_date_from_today_and_logs_no_narrative(
        self, desk: Desk, now: datetime
    ) -> None:
        desk.accepted()
        desk.assignment.refresh_from_db()
        assert desk.assignment.next_due_on == date(2023, 10, 14)
        event = Event.objects.get(action="update.accepted")
        assert event.actor_id == desk.reviewer.pk
        assert REPORTED.narrative not in f"{event.before}{event.after}{event.label}{event.reason}"

    def test_accept_update_never_sets_a_date_past_the_window(self, desk: Desk, clock: Clock) -> None:
        later = clock.move_to(datetime(2024, 3, 20, 9, tzinfo=NOW.tzinfo))
        submission = make_submission(desk.assignment, actor=desk.officer, now=later)
        accept_update(submission, status="progress", percent=40, actor=desk.reviewer, now=later)
        desk.assignment.refresh_from_db()
        assert desk.assignment.next_due_on == date(2024, 3, 31)

    def test_accept_update_refused_to_all_but_mapo_on_own_agency_or_without_a_verdict_that_fits(
        self, desk: Desk, now: datetime
    ) -> None:
        submission = desk.submission()
        with pytest.raises(NotNow):
            accept_update(submission, status="progress", percent=30, actor=desk.reviewer, now=now)
        assert not Review.objects.exists()
        for status, percent in (("none", 1), ("done", 99), ("progress", 100), ("x", 5)):
            with pytest.raises(NotNow):
                accept_update(
                    submission, status=status, percent=percent, reason="x", actor=desk.reviewer, now=now
                )
        for who in ("officer", "coordinator", "outsider", "observer"):
            with pytest.raises(NotAllowed):
                accept_update(submission, status="progress", percent=40, actor=getattr(desk, who), now=now)
        own = UserFactory(role=Role.REVIEWER, agency=desk.agency)
        with pytest.raises(NotAllowed):
            accept_update(submission, status="progress", percent=40, actor=own, now=now)

    def test_accept_update_refused_to_who_belonged_to_the_agency_at_submission(
        self, desk: Desk, clock: Clock
    ) -> None:
        person = UserFactory(role=Role.REVIEWER, agency=desk.agency)
        submission = make_submission(
            desk.assignment, actor=desk.officer, now=clock.move_to(NOW + timedelta(hours=1))
        )
        later = clock.move_to(NOW + timedelta(days=1))
        moved = move_person(person, agency=desk.reviewer.agency, actor=desk.administrator, now=later)
        with pytest.raises(NotAllowed):
            accept_update(submission, status="progress", percent=40, actor=moved, now=later)
        day_after = clock.move_to(NOW + timedelta(days=2))
        fresh = make_submission_after(desk, day_after)
        accept_update(fresh, status="progress", percent=40, actor=moved, now=day_after)

    def test_accept_update_refused_to_who_saved_the_text_between_others(
        self, desk: Desk, clock: Clock
    ) -> None:
        draft = desk.draft()
        between = replace(REPORTED, percent=45)
        draft = save_update(
            draft, content=between, revision=draft.revision, actor=desk.colleague, now=desk.now
        )
        User.objects.filter(pk=desk.colleague.pk).update(
            role=Role.REVIEWER, agency=desk.reviewer.agency, clearance=Clearance.CONFIDENTIAL
        )
        later = clock.move_to(NOW + timedelta(days=1))
        submission = submit_update(
            draft, content=REPORTED, revision=draft.revision, actor=desk.officer, now=later
        )
        moved = User.objects.get(pk=desk.colleague.pk)
        with pytest.raises(NotAllowed):
            accept_update(submission, status="progress", percent=40, actor=moved, now=later)

    def test_accept_update_refused_above_clearance(self, desk: Desk, now: datetime) -> None:
        submission = desk.submission(replace(REPORTED, classification=2))
        low = UserFactory(role=Role.REVIEWER, agency=desk.reviewer.agency, clearance=1)
        with pytest.raises(NotAllowed):
            accept_update(submission, status="progress", percent=40, actor=low, now=now)

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            (
                "en",
                "This is classified above your clearance. A colleague who is cleared must go on with it.",
            ),
            (
                "ms",
                "Pengelasannya melebihi tapisan keselamatan anda. Rakan sekerja dengan tapisan keselamatan yang "
                "mencukupi perlu meneruskannya.",
            ),
        ],
    )
    def test_whoever_is_not_cleared_reads_one_sentence(
        self, desk: Desk, now: datetime, language: str, words: str
    ) -> None:
        submission = desk.submission(replace(REPORTED, classification=2))
        User.objects.filter(pk__in=[desk.colleague.pk, desk.reviewer.pk]).update(clearance=1)
        for person in (desk.colleague, desk.reviewer):
            person.refresh_from_db()
        page = browser_of(desk.colleague, language).get(
            reverse("recommendations:update_start", args=[desk.assignment.pk])
        )
        assert words in words_of(page)
        with translation.override(language), pytest.raises(NotAllowed, match=words):
            accept_update(submission, status="progress", percent=40, actor=desk.reviewer, now=now)


def make_submission_after(desk: Desk, now: datetime) -> Submission:
    """Withdraw what is open and send it anew."""
    update = Update.objects.open().get(assignment=desk.assignment)
    withdraw_update(update, actor=desk.officer, now=now)
    copied = copy_update(update, actor=desk.officer, now=now)
    return submit_update(copied, content=REPORTED, revision=copied.revision, actor=desk.officer, now=now)


class TestReturn:
    def test_return_update_starts_lateness_again_at_the_given_day(self, desk: Desk, now: datetime) -> None:
        submission = desk.submission()
        day = date(2023, 9, 21)
        return_update(submission, reason="Nyatakan bilangan.", resubmit_by=day, actor=desk.reviewer, now=now)
        late = Assignment.objects.filter(pk=desk.assignment.pk)
        assert not late.overdue(day).exists()
        assert late.overdue(day + timedelta(days=1)).exists()

    def test_return_update_needs_reason_and_a_day_to_come(self, desk: Desk, now: datetime) -> None:
        submission = desk.submission()
        for reason, days in (("", 7), ("   ", 7), ("x", 0), ("x", -1)):
            day = local_date(now) + timedelta(days=days)
            with pytest.raises(NotNow):
                return_update(submission, reason=reason, resubmit_by=day, actor=desk.reviewer, now=now)
            assert Update.objects.get(pk=submission.update_id).state == SubmissionState.SUBMITTED, (
                reason,
                days,
            )


class TestSupersede:
    def test_supersede_verdict_needs_reason_a_change_and_mapo(self, desk: Desk, now: datetime) -> None:
        review = desk.accepted()
        for reason, percent in (("", 20), ("x", 40)):
            with pytest.raises(NotNow):
                supersede_verdict(
                    review, status="progress", percent=percent, reason=reason, actor=desk.reviewer, now=now
                )
        own = UserFactory(role=Role.REVIEWER, agency=desk.agency)
        for person in (desk.officer, desk.outsider, desk.observer, own):
            with pytest.raises(NotAllowed):
                supersede_verdict(review, status="progress", percent=20, reason="x", actor=person, now=now)


class TestDatabase:
    def test_reviews_are_never_edited_and_one_decides_a_version(self, desk: Desk, now: datetime) -> None:
        review = desk.accepted()
        for statement in (
            "UPDATE recommendations_review SET percent = 1",
            "DELETE FROM recommendations_review",
            "TRUNCATE recommendations_review CASCADE",
            "UPDATE recommendations_submission SET narrative = 'x'",
            "DELETE FROM recommendations_submission",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        review.refresh_from_db()
        assert review.percent == 40
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.create(
                submission=review.submission,
                assignment=review.assignment,
                item=review.item,
                decision="accept",
                status=Status.DONE,
                percent=100,
                reviewer=desk.reviewer,
                decided_at=now,
            )

    def test_reviews_are_never_backdated(self, desk: Desk, now: datetime) -> None:
        submission = desk.submission()
        with pytest.raises(DatabaseError), transaction.atomic():
            accept_update(
                submission, status="progress", percent=40, actor=desk.reviewer, now=now - timedelta(days=1)
            )


def test_two_reviewers_at_once_one_decides(real_db: WorkerDatabase, clock: Clock) -> None:
    desk = make_desk(clock.move_to(NOW))
    submission = desk.submission()

    def decide(person: object) -> str:
        try:
            accept_update(submission, status="progress", percent=40, actor=person, now=desk.now)
        except DomainError as error:
            return type(error).__name__
        finally:
            connection.close()
        return "decided"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(decide, [desk.reviewer, desk.second_reviewer]))
    assert outcomes == ["AlreadyDecided", "decided"]
    assert Review.objects.count() == 1
