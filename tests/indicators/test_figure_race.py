"""Two coordinators send, two reviewers decide, at the same moment: one does, the other is told."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from threading import Event
from time import monotonic, sleep

import pytest
from django.db import connection, transaction

from accounts.models import User
from audit.errors import AlreadyDecided, NotNow, Stale
from cycles.services import close_cycle
from indicators.models import Figure, FigureDecision, FigureReport, FigureSubmission
from indicators.services.decisions import CellDecision, decide_figures
from indicators.services.reports import discard_figures, restore_figures, withdraw_figures
from indicators.services.revisions import revise_figure
from submissions.states import SubmissionState
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.accounts import UserFactory
from tests.factories.figure_reports import FigureDesk
from tests.recommendations.at_once import at_once


@pytest.fixture
def desk(real_db: WorkerDatabase, clock: Clock) -> FigureDesk:
    """The small world, committed."""
    now: datetime = clock.move_to(NOW)
    return FigureDesk(now)


def wait_until_blocked() -> None:
    """Wait until another transaction waits for what this one has locked."""
    limit = monotonic() + 20
    with connection.cursor() as cursor:
        while monotonic() < limit:
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone() != (0,):
                return
            sleep(0.05)
    raise AssertionError("nobody waits for this transaction")


def test_two_first_saves_at_once_make_one_draft(desk: FigureDesk) -> None:
    save = partial(desk.save, desk.content(po="7"))
    at_once(partial(save, actor=desk.officer), partial(save, actor=desk.coordinator))
    assert FigureReport.objects.count() == 1


def test_two_coordinators_at_once_send_once(desk: FigureDesk) -> None:
    send = partial(desk.send, desk.content(po="7"))
    first, second = at_once(
        partial(send, actor=desk.coordinator), partial(send, actor=desk.second_coordinator)
    )
    assert first == second == FigureSubmission.objects.get()


def test_draft_is_sent_or_discarded_but_not_both(desk: FigureDesk) -> None:
    report = desk.save(desk.content(po="7"))

    def put_away() -> object:
        try:
            return discard_figures(report, revision=1, actor=desk.officer, now=desk.now)
        except NotNow:
            return None

    at_once(partial(desk.send, desk.content(po="7"), revision=1), put_away)
    assert FigureReport.objects.filter(state=SubmissionState.SUBMITTED).count() + (
        FigureReport.objects.filter(state=SubmissionState.DISCARDED).count()
    ) in (1, 2)
    assert FigureReport.objects.open().count() <= 1


def test_draft_restored_by_two_at_once_is_one_draft(desk: FigureDesk) -> None:
    report = desk.save(desk.content(po="7"))
    discard_figures(report, revision=1, actor=desk.officer, now=desk.now)

    def put_back(who: User) -> object:
        try:
            return restore_figures(report, actor=who, now=desk.now)
        except NotNow:
            return None

    done = at_once(partial(put_back, desk.officer), partial(put_back, desk.coordinator))
    assert sum(each is not None for each in done) == 1
    assert FigureReport.objects.open().get().typed == dict(desk.content(po="7").typed)


def test_what_is_typed_while_figures_are_withdrawn_finds_the_new_draft(desk: FigureDesk) -> None:
    report = desk.send(desk.content(po="7")).report
    is_withdrawn = Event()

    def withdraw() -> None:
        with transaction.atomic():
            withdraw_figures(report, actor=desk.coordinator, now=desk.now)
            is_withdrawn.set()
            wait_until_blocked()

    def save() -> object:
        assert is_withdrawn.wait(timeout=30)
        return desk.save(desk.content(po="8"), revision=report.revision)

    _nothing, answer = at_once(withdraw, save)
    assert isinstance(answer, Stale)
    assert FigureReport.objects.open().get().typed == dict(desk.content(po="7").typed)


def test_discarding_waits_for_whoever_saves_before_it_holds_the_draft(desk: FigureDesk) -> None:
    report = desk.save(desk.content(po="7"))
    has_saved = Event()

    def save_both() -> None:
        with transaction.atomic():
            desk.save(desk.content(po="8"), month=desk.july)
            has_saved.set()
            wait_until_blocked()
            desk.save(desk.content(po="9"), revision=1)

    def discard_and_save() -> None:
        assert has_saved.wait(timeout=30)
        with transaction.atomic():
            discard_figures(report, revision=1, actor=desk.coordinator, now=desk.now)
            desk.save(desk.content(po="10"), month=desk.july, revision=1)

    _nothing, answer = at_once(save_both, discard_and_save)
    assert isinstance(answer, Stale)
    assert [report.typed for report in FigureReport.objects.open()] == [
        dict(desk.content(po=text).typed) for text in ("8", "9")
    ]


def test_saving_waits_for_whoever_discards_before_it_holds_the_cycle(desk: FigureDesk) -> None:
    report = desk.save(desk.content(po="7"))
    administrator = UserFactory(role="administrator", agency=desk.reviewer.agency)
    is_discarded = Event()

    def discard_and_close() -> None:
        with transaction.atomic():
            discard_figures(report, revision=1, actor=desk.officer, now=desk.now)
            is_discarded.set()
            wait_until_blocked()
            close_cycle(desk.cycle, reason="Selesai.", actor=administrator, now=desk.now)

    def save() -> None:
        assert is_discarded.wait(timeout=30)
        desk.save(desk.content(po="8"), revision=1)

    _nothing, answer = at_once(discard_and_close, save)
    assert isinstance(answer, NotNow)
    assert not FigureReport.objects.open().exists()


def test_two_reviewers_at_once_decide_one_figure_once(desk: FigureDesk) -> None:
    submission = desk.send(desk.content(po="7", ipo="12"))
    decisions = {submission.figures.order_by("pk")[0].pk: CellDecision(is_accepted=True)}
    decide = partial(decide_figures, submission, decisions=decisions, now=desk.now)
    answers = at_once(partial(decide, actor=desk.reviewer), partial(decide, actor=desk.second_reviewer))
    assert sum(isinstance(answer, AlreadyDecided) for answer in answers) == 1
    assert FigureDecision.objects.count() == Figure.objects.count() == 1


def test_a_figure_accepted_while_it_is_revised_replaces_the_revision(desk: FigureDesk) -> None:
    desk.accepted(po="7")
    old = Figure.objects.get()
    again = desk.send(desk.content("Dikira semula.", po="9"))
    is_revised = Event()

    def revise(actor: User) -> None:
        with transaction.atomic():
            revise_figure(old, text="8", reason="Dikira semula.", actor=actor, now=desk.now)
            is_revised.set()
            wait_until_blocked()

    def accept() -> None:
        assert is_revised.wait(timeout=30)
        desk.accept(again)

    assert at_once(partial(revise, desk.second_reviewer), accept) == [None, None]
    figures = Figure.objects.order_by("pk")
    assert [(each.text, each.replaces_id) for each in figures] == [
        ("7", None),
        ("8", old.pk),
        ("9", figures[1].pk),
    ]
    assert Figure.objects.standing().get().text == "9"
