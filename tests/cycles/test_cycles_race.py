"""Closing a cycle while agencies send: what has begun is finished first, what comes later finds it closed."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, transaction

from audit.errors import NotNow
from audit.models import Event as AuditEvent
from cycles.services import close_cycle
from recommendations.models import Cycle, Submission, Update
from recommendations.services import submit_update
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.recommendations import REPORTED, make_assignment, make_draft, make_item
from tests.recommendations.conftest import Desk, make_desk

#: Long enough for a thread to come as far as it can, short enough for a test.
A_MOMENT = 0.5
LONG = 20


@pytest.fixture
def desk(real_db: WorkerDatabase, clock: Clock) -> Desk:
    """The world with real commits."""
    return make_desk(clock.move_to(NOW))


def close(desk: Desk) -> Cycle:
    try:
        return close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
    finally:
        connection.close()


def send(desk: Desk, update: Update) -> Submission:
    try:
        return submit_update(
            update, content=REPORTED, revision=update.revision, actor=desk.officer, now=desk.now
        )
    finally:
        connection.close()


def left_open() -> Any:
    return AuditEvent.objects.get(action="cycle.closed").after["left_open"]


def must_wait(future: Future[Any]) -> None:
    with pytest.raises(NotYet):
        future.result(timeout=A_MOMENT)


def test_closing_waits_for_a_submission_that_has_begun_and_counts_it(desk: Desk) -> None:
    update = desk.draft()
    begun, may_end = Event(), Event()

    def send_slowly() -> None:
        try:
            with transaction.atomic():
                submit_update(
                    update, content=REPORTED, revision=update.revision, actor=desk.officer, now=desk.now
                )
                begun.set()
                may_end.wait(timeout=LONG)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        sending = pool.submit(send_slowly)
        assert begun.wait(timeout=LONG)
        closing = pool.submit(close, desk)
        must_wait(closing)
        may_end.set()
        sending.result(timeout=LONG)
        assert closing.result(timeout=LONG).is_closed
    assert left_open()["submitted"] == 1


def test_submission_waits_for_a_closing_that_has_begun_and_is_refused(desk: Desk) -> None:
    update = desk.draft()
    begun, may_end = Event(), Event()

    def close_slowly() -> None:
        try:
            with transaction.atomic():
                close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
                begun.set()
                may_end.wait(timeout=LONG)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        closing = pool.submit(close_slowly)
        assert begun.wait(timeout=LONG)
        sending = pool.submit(send, desk, update)
        must_wait(sending)
        may_end.set()
        closing.result(timeout=LONG)
        with pytest.raises(NotNow):
            sending.result(timeout=LONG)
    assert not Submission.objects.exists()


def test_many_at_once_are_each_sent_before_the_closing_or_refused(desk: Desk) -> None:
    updates = []
    for number in range(20, 28):
        assignment = make_assignment(
            make_item(desk.cycle, number=number), desk.agency, actor=desk.administrator, now=desk.now
        )
        updates.append(make_draft(assignment, actor=desk.officer, now=desk.now))
    ready = Barrier(len(updates) + 1)

    def at_once(act: Any, *given: Any) -> str:
        ready.wait(timeout=LONG)
        try:
            act(desk, *given)
        except NotNow:
            return "refused"
        return "done"

    with ThreadPoolExecutor(len(updates) + 1) as pool:
        sending = [pool.submit(at_once, send, update) for update in updates]
        closing = pool.submit(at_once, close)
        assert closing.result(timeout=LONG) == "done"
        answers = [future.result(timeout=LONG) for future in sending]
    assert answers.count("done") == Submission.objects.count() == left_open()["submitted"]
    assert answers.count("refused") == left_open()["draft"]
