"""Two reviewers at the same moment: one decides, the other is told who did."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection
from django.http import HttpResponse

from accounts.models import User
from recommendations.models import Review, Submission
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.recommendations.conftest import make_desk
from tests.recommendations.test_review_page import accepting, url
from tests.recommendations.visitors import Visitor, text_of


def decide_at_once(people: list[User], submission: Submission) -> list[HttpResponse]:
    """Each person accepts in a thread of their own, all at the same moment."""
    ready = Barrier(len(people))
    visitors = [Visitor(person) for person in people]

    def decide(visitor: Visitor) -> HttpResponse:
        try:
            ready.wait(timeout=20)
            return visitor.post(url(submission), accepting(submission))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(decide, visitors))


def test_two_reviewers_at_once_one_decides_and_the_other_is_told_who(
    real_db: WorkerDatabase, clock: Clock
) -> None:
    desk = make_desk(clock.move_to(NOW))
    submission = desk.submission()
    people = [desk.reviewer, desk.second_reviewer]
    answers = dict(zip(people, decide_at_once(people, submission), strict=True))
    review = Review.objects.select_related("reviewer").get()
    loser = next(person for person in people if person != review.reviewer)
    assert answers[review.reviewer].status_code == 302
    assert answers[loser].status_code == 409
    assert f"{review.reviewer.name} has already decided" in text_of(answers[loser])
