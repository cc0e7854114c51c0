"""SQL of the web's role alone says of nobody that they sent, decided or wrote something: the database asks at commit for
an Event of theirs in the same transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from accounts.roles import Role
from recommendations.models import Comment, ItemOverride, Review, Submission
from recommendations.services import write_comment
from recommendations.states import Status
from tests.factories.accounts import UserFactory
from tests.recommendations.conftest import Desk, make_desk
from tests.vouching import acting

NOBODY_ACTED = "names somebody who did nothing here"


@contextmanager
def _refused(words: str = NOBODY_ACTED) -> Iterator[None]:
    """Expect that the database refuses the block at its commit, which is asked for here: the test's never comes."""
    with pytest.raises(DatabaseError, match=words), transaction.atomic():  # noqa: PT012 - the last is the commit
        yield
        connection.check_constraints()


def _review(desk: Desk, submission: Submission, by: User) -> Review:
    return Review.objects.create(
        submission=submission,
        assignment=desk.assignment,
        item=desk.item,
        decision="accept",
        status=Status.DONE,
        percent=100,
        reviewer=by,
        decided_at=desk.now,
    )


@pytest.fixture
def bystander(desk: Desk) -> User:
    """A reviewer who did nothing."""
    return UserFactory(role=Role.REVIEWER, agency=desk.reviewer.agency)


def test_decision_of_somebody_who_did_not_decide_is_refused(desk: Desk, bystander: User) -> None:
    submission = desk.submission()
    with _refused():
        _review(desk, submission, bystander)
    assert not Review.objects.exists()


def test_version_sent_by_somebody_who_did_not_send_is_refused(desk: Desk, bystander: User) -> None:
    update = desk.draft()
    copied = {
        name: getattr(update, name) for name in ("status", "percent", "narrative", "covers_from", "covers_to")
    }
    with _refused():
        Submission.objects.create(
            update=update,
            number=1,
            classification=0,
            revision=update.revision,
            submitted_by=bystander,
            submitted_at=desk.now,
            **copied,
        )


def test_comment_of_somebody_who_wrote_none_is_refused(desk: Desk, bystander: User) -> None:
    with _refused():
        Comment.objects.create(
            assignment=desk.assignment,
            text="Setuju.",
            classification=0,
            author=bystander,
            written_at=desk.now,
        )


def test_override_ended_in_the_name_of_somebody_else_is_refused(desk: Desk, bystander: User) -> None:
    with acting(desk.reviewer):
        override = ItemOverride.objects.create(
            item=desk.item,
            status=Status.DONE,
            percent=100,
            reason="Sebab.",
            set_by=desk.reviewer,
            set_at=desk.now,
        )
    connection.check_constraints()
    with _refused():
        ItemOverride.objects.filter(pk=override.pk).update(
            ended_by=bystander, ended_at=desk.now, ended_reason="Sebab."
        )


def test_event_of_another_person_does_not_serve(desk: Desk, bystander: User) -> None:
    submission = desk.submission()
    with _refused():
        write_comment(
            desk.assignment, text="Terima kasih.", classification=0, actor=desk.reviewer, now=desk.now
        )
        _review(desk, submission, bystander)


def test_event_that_fell_with_its_savepoint_does_not_serve(desk: Desk, bystander: User) -> None:
    submission = desk.submission()
    with _refused():
        with transaction.atomic(), acting(bystander):
            transaction.set_rollback(True)
        _review(desk, submission, bystander)


@pytest.mark.parametrize(
    "trick",
    [
        "SET LOCAL session_replication_role = replica",
        "SET CONSTRAINTS ALL DEFERRED",
        "SET LOCAL search_path = pg_temp",
        "SELECT set_config('pgtrigger.ignore', '{all}', true)",
        "SELECT set_config('jejak.seed_at', '2023-01-01', true)",
    ],
)
def test_trick_does_not_switch_the_question_off(desk: Desk, bystander: User, trick: str) -> None:
    submission = desk.submission()
    with _refused("."):
        connection.cursor().execute(trick)
        connection.cursor().execute("SET LOCAL search_path = public")
        _review(desk, submission, bystander)


@pytest.mark.usefixtures("real_db")
def test_event_of_an_earlier_transaction_does_not_serve(now: datetime) -> None:
    desk = make_desk(now)
    submission = desk.submission()
    write_comment(
        desk.assignment, text="Terima kasih.", classification=0, actor=desk.second_reviewer, now=now
    )
    with _refused():
        _review(desk, submission, desk.second_reviewer)
    assert not Review.objects.exists()
