"""Makings with others at their side: two at once, one that is killed, one that is cancelled. Real commits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import Settings

from accounts.models import User
from accounts.quotas import QuotaReached
from audit.errors import NotNow
from audit.models import Event
from reports.models import Report
from reports.services import leases
from reports.services.leases import Lease, LeaseKeeper, MakingStopped, take_lease
from reports.services.making import make, make_next
from reports.services.requests import cancel_report, request_paper, request_report
from reports.states import ExportFormat, ReportState, SummaryLanguage
from reports.tasks import make_waiting
from tests.conftest import Clock, WorkerDatabase
from tests.recommendations.at_once import at_once
from tests.reports.conftest import Told, make_told
from tests.reports.makers import (
    BYTES,
    asked,
    drafts,
    fresh,
    good,
    kept_files,
    let_lease_run_out,
    use_writer,
    working_until,
)
from tests.reports.meeting_papers import lay, prepared


@pytest.fixture
def told(real_db: WorkerDatabase, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setattr(leases, "RENEWAL_SECONDS", 0.05)
    use_writer(monkeypatch, good)
    return make_told(clock)


def made_events() -> int:
    return Event.objects.filter(action="report.made").count()


# Two at once


def test_two_at_once_ask_for_and_make_one(told: Told) -> None:
    deed = partial(
        request_report,
        told.select(),
        export_format=ExportFormat.CSV,
        cycle=told.cycle,
        actor=told.people["reviewer"],
        now=told.now,
    )
    first, second = at_once(deed, deed)
    assert first == second
    assert Report.objects.count() == Event.objects.filter(action="report.asked").count() == 1
    answers = at_once(*[partial(make, first.pk, now=told.now)] * 2)
    assert sorted(answers, key=str) == [None, ReportState.READY]
    assert (made_events(), len(kept_files()), fresh(first).attempts_count) == (1, 1, 1)
    numbers = {asked(told).pk, asked(told, depth="lines").pk}
    assert set(at_once(*[partial(make_next, most_leases=2, now=told.now)] * 2)) == numbers


def test_last_place_of_a_quota_goes_to_one_of_two_at_once(told: Told, settings: Settings) -> None:
    """Of one person, and of two of one agency; who is refused has counted nothing."""
    settings.QUOTA_HEAVY, settings.QUOTA_HEAVY_AGENCY = 1, 3
    assert are_granted(told, "reviewer", "reviewer") == [False, True]
    assert are_granted(told, "administrator", "administrator") == [False, True]
    settings.QUOTA_HEAVY = 3
    assert are_granted(told, "reviewer", "administrator") == [False, True]
    settings.QUOTA_HEAVY_AGENCY = 4
    assert are_granted(told, "reviewer", "administrator") == [False, True]
    assert Report.objects.count() == 4


def are_granted(told: Told, *people: str) -> list[bool]:
    """Let each request a report of their own at the same moment; return who got one, the refused first."""

    def is_granted(person: str, day: int) -> bool:
        try:
            return bool(asked(told, person, day=f"2023-08-{day:02}"))
        except QuotaReached:
            return False

    first = Report.objects.count() * 2 + 1
    answers = at_once(*(partial(is_granted, person, first + place) for place, person in enumerate(people)))
    return sorted(map(bool, answers))


def test_two_people_at_once_make_one_paper_of_a_meeting(told: Told) -> None:
    secretary, colleague = (told.people[role] for role in ("reviewer", "administrator"))
    laid = lay(told, prepared(told, as_at=told.today - timedelta(days=1)))
    paper = {"export_format": ExportFormat.COUNCIL, "language": SummaryLanguage.MALAY, "now": told.now}

    def ask_and_make(person: User) -> int:
        report = request_paper(laid, actor=person, **paper)
        make(report.pk, now=told.now)
        return report.pk

    first, second = at_once(partial(ask_and_make, secretary), partial(ask_and_make, colleague))
    assert first == second
    assert (Report.objects.count(), made_events(), len(kept_files())) == (1, 1, 1)


# While it is made


def test_cancelling_stops_the_maker_that_others_see_and_leaves_nothing(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = asked(told)
    cancelling = partial(cancel_report, report, actor=told.people["reviewer"], now=told.now)
    seen: list[Report] = []

    def cancel_once_seen() -> bool:
        if not seen and (row := in_another_thread(partial(fresh, report))).done_count:
            seen.append(row)
            in_another_thread(cancelling)
        return False

    use_writer(monkeypatch, working_until(cancel_once_seen))
    assert make(report.pk, now=told.now) == ReportState.CANCELLED
    assert (seen[0].state, seen[0].attempts_count) == (ReportState.MAKING, 1)
    assert seen[0].leased_until is not None
    assert (made_events(), kept_files(), drafts()) == (0, [], [])
    # At once, they end in one of both.
    use_writer(monkeypatch, good)
    report = asked(told)
    cancelling = partial(cancel_report, report, actor=told.people["reviewer"], now=told.now)
    _made, cancelled = at_once(partial(make, report.pk, now=told.now), cancelling)
    state = fresh(report).state
    assert (state == ReportState.READY) == isinstance(cancelled, NotNow)
    assert len(kept_files()) == (state == ReportState.READY)


def test_whom_another_has_taken_over_from_changes_nothing(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = asked(told)
    turns = iter([partial(let_lease_run_out, report), partial(make_next, most_leases=9, now=told.now)])

    def write(content, target, *, maker):
        good(content, target, maker=maker)
        use_writer(monkeypatch, good)
        for turn in turns:
            in_another_thread(turn)

    # The first gives no sign of life while the second works.
    monkeypatch.setattr(leases, "RENEWAL_SECONDS", 60)
    use_writer(monkeypatch, write)
    assert make(report.pk, now=told.now) == ReportState.READY
    row = fresh(report)
    assert (row.attempts_count, made_events()) == (2, 1)
    assert [path.name for path in kept_files()] == [row.stored_name]


def test_late_word_of_an_earlier_attempt_counts_for_nothing(told: Told) -> None:
    report = asked(told)
    first = take_lease(report.pk)
    let_lease_run_out(report)
    second = take_lease(report.pk)
    assert (first, second) == (Lease(report.pk, 1), Lease(report.pk, 2))
    assert first is not None
    assert not first.renew(done=5)
    first.give_back()
    assert fresh(report).state == ReportState.MAKING
    with LeaseKeeper(first) as watch:
        watch._thread.join(5)
        with pytest.raises(MakingStopped):
            watch.progress(1)


# Killed


@pytest.mark.long
def test_killed_making_is_taken_up_again(told: Told, real_db: WorkerDatabase) -> None:
    report = asked(told)
    with maker_in_the_middle(report, real_db) as child:
        child.send_signal(signal.SIGKILL)
        child.wait(10)
    row = fresh(report)
    assert (row.state, row.attempts_count) == (ReportState.MAKING, 1)
    assert kept_files() == []
    assert len(drafts()) == 1
    assert make_next(most_leases=9, now=told.now) is None, "its lease has not run out"
    let_lease_run_out(report)
    assert make_waiting() == report.pk
    row = fresh(report)
    assert (row.state, row.attempts_count, row.size) == (ReportState.READY, 2, len(BYTES))
    assert [path.name for path in kept_files()] == [row.stored_name]


def test_making_that_is_told_to_end_is_given_back_at_once(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEWAL_SECONDS", 60)
    report, before = asked(told), connections()

    def stop(*_arguments: object, **_named: object) -> None:
        raise SystemExit

    use_writer(monkeypatch, stop)
    with pytest.raises(SystemExit):
        make(report.pk, now=told.now)
    row = fresh(report)
    assert (row.state, row.leased_until) == (ReportState.WAITING, None)
    assert drafts() == []
    use_writer(monkeypatch, good)
    assert make_next(most_leases=1, now=told.now) == report.pk
    assert connections() == before, "a short making opens no second connection"


def test_file_whose_row_was_not_written_is_taken_away(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    report = asked(told)

    def fail(*_arguments: object, **_named: object) -> None:
        assert len(kept_files()) == 1
        monkeypatch.undo()
        raise RuntimeError

    monkeypatch.setattr("reports.services.making.record_on", fail)
    assert make(report.pk, now=told.now) == ReportState.FAILED
    assert kept_files() == drafts() == []


def in_another_thread(deed):
    """Do it on a connection of its own, and return what came of it."""
    (answer,) = at_once(deed)
    return answer


def connections() -> int:
    """Connections of programs; PostgreSQL's own vacuum is no program's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


@contextmanager
def maker_in_the_middle(report: Report, database: WorkerDatabase) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that has written half a file."""
    environment = os.environ | {"DATABASE_URL": database.web_url, "MEDIA_ROOT": str(settings.MEDIA_ROOT)}
    command = [sys.executable, "-m", "tests.reports.slow_maker", str(report.pk)]
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        try:
            assert child.stdout.readline() == "writing\n"
            yield child
        finally:
            child.kill()
