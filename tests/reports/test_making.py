"""Asking for a summary and making it: what is refused, what stands on record, and what the file is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db.models.functions import Now
from django.utils import timezone
from pytest_django import Settings

from accounts.clearance import Clearance
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from evidence import storage
from reminders.models import Notice
from reports import files
from reports.errors import EmptySelection, TooManyRows
from reports.models import Report
from reports.services import making
from reports.services.leases import MOST_ATTEMPTS, Lease, take_lease
from reports.services.making import make, make_next
from reports.services.notices import FAILED, READY, mark_notice_read, path_of
from reports.services.requests import UNFINISHED_LIMIT, cancel_report, is_made_at_once
from reports.states import Depth, ExportFormat, ReportState
from reports.tasks import make_waiting
from tests.conftest import Clock
from tests.reports.conftest import Told, kuala_lumpur
from tests.reports.makers import (
    BYTES,
    asked,
    demote,
    drafts,
    fresh,
    full_disk,
    good,
    kept_files,
    let_lease_run_out,
    raising,
    ready,
    use_writer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _good_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    use_writer(monkeypatch, good)


def actions(report: Report) -> list[str]:
    events = Event.objects.about("reports.Report", report.pk).order_by("pk")
    return list(events.values_list("action", flat=True))


# Asking


def test_asking_keeps_selection_and_rights(told: Told) -> None:
    report = asked(told, "officer", item="recommendation-1")
    officer = told.people["officer"]
    assert report.state == ReportState.WAITING
    assert report.query == told.select("officer", item="recommendation-1").query
    assert (report.reader_role, report.reader_agency_id) == (officer.role, officer.agency_id)
    assert report.reader_clearance == officer.clearance
    (event,) = Event.objects.about("reports.Report", report.pk)
    assert (event.action, event.actor_id) == ("report.asked", officer.pk)
    assert event.after == {"paper": "csv", "as_at": "2023-08-31", "selection": report.query}


def test_asking_counts_the_rows_and_small_is_what_has_few(told: Told, settings: Settings) -> None:
    for depth in Depth:
        content = told.content(depth=depth.value)
        report = asked(told, depth=depth.value)
        assert report.total_count == content.finish().rows_count
    assert is_made_at_once(report)
    settings.REPORTS_AT_ONCE_ROWS = report.total_count - 1
    assert not is_made_at_once(report)
    # A paper takes the depth that it is made for.
    paper = asked(told, export_format=ExportFormat.COUNCIL, depth="lines")
    assert paper.depth == Depth.FULL and "depth=full" in paper.query


def test_asking_for_a_paper_of_others_is_refused(told: Told) -> None:
    for by, export_format in (
        ("officer", ExportFormat.COUNCIL),
        ("officer", ExportFormat.MEETING),
        ("observer", ExportFormat.PACK),
        ("observer", ExportFormat.COUNCIL),
    ):
        with pytest.raises(NotAllowed):
            asked(told, by, export_format=export_format)
    assert not Report.objects.exists()


def test_asking_for_nothing_or_when_inactive_is_refused_before_anything_is_written(told: Told) -> None:
    with pytest.raises(EmptySelection):
        asked(told, status="done")
    told.people["officer"].is_active = False
    with pytest.raises(NotAllowed):
        asked(told, "officer")
    assert not Report.objects.exists()
    assert not Event.objects.filter(action__startswith="report.").exists()


def test_asking_twice_makes_one(told: Told) -> None:
    first = asked(told)
    assert asked(told) == first
    assert actions(first) == ["report.asked"]
    others = [
        asked(told, export_format=ExportFormat.JSON),
        asked(told, depth="lines"),
        asked(told, "administrator"),
    ]
    assert len({first.pk, *(other.pk for other in others)}) == 4
    make(first.pk, now=told.now)
    assert asked(told) != first


def test_asking_for_too_many_at_a_time_is_refused(told: Told) -> None:
    days = [f"2023-08-{day:02}" for day in range(1, UNFINISHED_LIMIT + 2)]
    reports = [asked(told, day=day) for day in days[:-1]]
    with pytest.raises(NotNow, match=str(UNFINISHED_LIMIT)):
        asked(told, day=days[-1])
    cancel_report(reports[0], actor=told.people["reviewer"], now=told.now)
    assert asked(told, day=days[-1]).state == ReportState.WAITING


# Making


def test_making_leaves_a_whole_file_and_what_it_is(told: Told) -> None:
    report = asked(told)
    assert make(report.pk, now=told.now) == ReportState.READY
    made, tally = fresh(report), told.content().finish()
    assert (made.fingerprint, made.rows_count) == (tally.fingerprint, tally.rows_count)
    assert made.classification == tally.classification == Clearance.CONFIDENTIAL
    assert made.file_name == "jejak-2023-kemajuan-penuh-2023-08-31-ms.csv"
    assert (made.size, made.leased_until, made.done_count) == (len(BYTES), None, tally.rows_count)
    assert made.settled_at is not None, "business time goes on while it is made"
    assert timedelta() <= made.settled_at - told.now < timedelta(minutes=1)
    with files.path_of(made.stored_name).open("rb") as file:
        assert storage.digest_of(file) == (made.sha256, made.size)
    assert [path.name for path in kept_files()] == [made.stored_name]
    assert drafts() == []
    assert actions(report) == ["report.asked", "report.made"]
    event = Event.objects.get(action="report.made")
    assert event.after is not None
    assert (event.after["fingerprint"], event.after["selection"]) == (made.fingerprint, report.query)


def test_making_reads_with_the_rights_of_who_asked(told: Told) -> None:
    report = ready(told, "officer")
    assert report.fingerprint == told.content("officer").finish().fingerprint
    assert report.fingerprint != told.content("reviewer").finish().fingerprint


def test_pack_is_ready_without_a_file_and_not_made_again(told: Told) -> None:
    report = asked(told, export_format=ExportFormat.PACK)
    assert make(report.pk, now=told.now) == ReportState.READY
    made = fresh(report)
    assert made.fingerprint == told.content().finish().fingerprint
    assert (made.stored_name, made.sha256, made.size, made.has_bytes) == ("", "", 0, False)
    assert kept_files() == []
    assert make(report.pk, now=told.now) is None
    assert make_next(most_leases=1, now=told.now) is None
    assert fresh(report).settled_at == made.settled_at


def test_next_is_the_oldest_and_no_more_are_in_hands_than_places(told: Told, clock: Clock) -> None:
    first = asked(told, day="2023-08-30")
    told.now = clock.move_to(kuala_lumpur("2023-09-14 10:01"))
    asked(told)
    Report.objects.filter(pk=first.pk).update(state=ReportState.MAKING)
    let_lease_run_out(first)
    assert make_next(most_leases=0, now=told.now) is None
    assert make_next(most_leases=1, now=told.now) == first.pk


def test_what_is_begun_again_and_again_fails_honestly(told: Told) -> None:
    report = asked(told)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert take_lease(report.pk) == Lease(report.pk, attempt)
        let_lease_run_out(report)
    assert make_next(most_leases=1, now=told.now) == report.pk
    row = fresh(report)
    assert row.state == ReportState.FAILED and str(MOST_ATTEMPTS) in row.failure
    assert make_next(most_leases=1, now=told.now) is None


def test_lease_that_a_clock_set_back_left_behind_is_no_lease(told: Told) -> None:
    report = asked(told)
    take_lease(report.pk)
    Report.objects.filter(pk=report.pk).update(leased_until=Now() + timedelta(hours=1))
    assert make_waiting() == report.pk
    assert fresh(report).state == ReportState.READY


# What goes wrong


def test_sentence_of_a_writer_reaches_the_reader(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    use_writer(monkeypatch, raising(TooManyRows("Pilih kurang.")))
    report = asked(told)
    assert make(report.pk, now=told.now) == ReportState.FAILED
    assert fresh(report).failure == "Pilih kurang."
    assert actions(report) == ["report.asked", "report.failed"]


@pytest.mark.parametrize(
    "error", [RuntimeError("secret words"), MemoryError(), full_disk(), FileNotFoundError()]
)
def test_unforeseen_error_fails_with_what_to_do(
    told: Told, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    use_writer(monkeypatch, raising(error))
    report = asked(told)
    assert make(report.pk, now=told.now) == ReportState.FAILED
    failed = fresh(report)
    assert failed.failure and "secret" not in failed.failure
    assert (failed.leased_until, failed.stored_name) == (None, "")
    assert kept_files() == drafts() == []


def test_full_disk_at_the_end_leaves_nothing(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise full_disk()

    monkeypatch.setattr(files.storage, "move_into_place", full)
    demote(told.people["reviewer"], language="en")
    report = asked(told)
    assert make(report.pk, now=told.now) == ReportState.FAILED
    assert fresh(report).failure.startswith("The file could not be stored"), "in their language"
    assert kept_files() == drafts() == []


def test_error_after_the_commit_takes_no_file_from_what_is_ready(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time of a task is over between the commit and the next line."""
    commit = making.transaction.atomic

    @contextmanager
    def late() -> Iterator[None]:
        with commit():
            yield
        raise SoftTimeLimitExceeded

    report = asked(told)
    monkeypatch.setattr(making, "transaction", SimpleNamespace(atomic=late))
    assert make(report.pk, now=told.now) == ReportState.READY
    made = fresh(report)
    assert [path.name for path in kept_files()] == [made.stored_name]
    assert made.has_bytes and actions(report) == ["report.asked", "report.made"]


@pytest.mark.parametrize(
    ("by", "lowered"),
    [
        ("reviewer", {"is_active": False}),
        ("reviewer", {"role": "officer"}),
        ("reviewer", {"role": "observer"}),
        ("reviewer", {"clearance": Clearance.RESTRICTED}),
        ("officer", {"role": "observer"}),
        ("officer", {"agency": "KLN"}),
        ("observer", {"role": "officer"}),
    ],
)
def test_lowered_rights_fail_the_making(told: Told, by: str, lowered: dict[str, object]) -> None:
    if "agency" in lowered:
        lowered = {"agency": told.agencies[str(lowered["agency"])]}
    report = asked(told, by)
    demote(told.people[by], **lowered)
    assert make(report.pk, now=told.now) == ReportState.FAILED
    assert fresh(report).failure
    assert kept_files() == []


@pytest.mark.parametrize(
    ("by", "selection", "changed"),
    [
        ("officer", {}, {"role": "coordinator"}),
        ("officer", {}, {"role": "reviewer", "clearance": Clearance.CONFIDENTIAL}),
        ("reviewer", {}, {"role": "administrator"}),
        # The clearance counts up to the ceiling that was chosen.
        ("reviewer", {"ceiling": "1"}, {"clearance": Clearance.RESTRICTED}),
    ],
)
def test_rights_that_are_no_lower_do_not(
    told: Told, by: str, selection: dict[str, str], changed: dict[str, object]
) -> None:
    report = asked(told, by, **selection)
    demote(told.people[by], **changed)
    assert make(report.pk, now=told.now) == ReportState.READY


# Cancelling


def test_cancelled_report_is_not_made_and_who_asked_alone_cancels_what_is_not_finished(told: Told) -> None:
    report = asked(told)
    with pytest.raises(NotAllowed):
        cancel_report(report, actor=told.people["administrator"], now=told.now)
    for _again in range(2):
        cancel_report(report, actor=told.people["reviewer"], now=told.now)
    assert actions(report) == ["report.asked", "report.cancelled"]
    assert make(report.pk, now=told.now) is None
    assert fresh(report).state == ReportState.CANCELLED
    with pytest.raises(NotNow):
        cancel_report(ready(told), actor=told.people["reviewer"], now=told.now)


# The bell


def test_bell_rings_for_what_was_made_in_the_background(told: Told) -> None:
    """Whoever leaves the page a moment before is told as well; a page that is open hears the bell by itself."""
    report = asked(told)
    mark_notice_read(report, actor=told.people["reviewer"], now=told.now)
    assert make_next(most_leases=1, now=told.now) == report.pk
    notice = Notice.objects.get()
    assert (notice.user, notice.what, notice.path) == (told.people["reviewer"], READY, path_of(report))
    assert notice.mail_after is not None
    assert timedelta(minutes=1) < notice.mail_after - timezone.now() <= timedelta(minutes=2)
    mark_notice_read(report, actor=told.people["administrator"], now=told.now)
    assert Notice.objects.unread().exists()
    mark_notice_read(report, actor=told.people["reviewer"], now=told.now)
    assert not Notice.objects.unread().exists()


def test_bell_rings_for_what_failed_but_not_for_who_waits_for_the_answer(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(asked(told).pk, now=told.now)
    use_writer(monkeypatch, raising(RuntimeError()))
    make(asked(told).pk, now=told.now)
    assert not Notice.objects.exists()
    asked(told)
    make_next(most_leases=1, now=told.now)
    assert Notice.objects.get().what == FAILED
