"""One view of the database for a whole making, whose cursors are closed before it ends. Real commits."""

from __future__ import annotations

import gc
import hashlib
import inspect
import sys
from contextlib import closing
from functools import partial
from typing import Any

import pytest
from django.db import Error

from audit.errors import NotNow
from audit.snapshot import database_snapshot
from reports.models import Download, Report
from reports.services import verification
from reports.services.making import make
from reports.services.verification import verify_file
from reports.states import DownloadOutcome, ExportFormat, ReportState, VerificationOutcome
from reports.summary.content import SummaryContent
from tests.conftest import Clock, WorkerDatabase
from tests.recommendations.at_once import at_once
from tests.reports.conftest import Told, make_told
from tests.reports.makers import asked, fresh, use_writer
from tests.reports.packs import TODAY, Taken, cite, fetch, make_row
from tests.reports.packs import asked as pack_asked
from tests.reports.report_rows import make_record

SHA256 = hashlib.sha256(b"bytes").hexdigest()


@pytest.fixture
def told(real_db: WorkerDatabase, clock: Clock) -> Told:
    return make_told(clock)


def read(told: Told) -> SummaryContent:
    return SummaryContent(told.select(day=TODAY), cycle=told.cycle, reader=told.people["reviewer"])


def accept_one_more(told: Told) -> None:
    """Another update of today with a document, on a connection of its own."""
    (accepted,) = at_once(lambda: cite(told, [make_row(told, name="Lewat.pdf")]))
    assert not isinstance(accepted, Exception)


def test_what_is_accepted_while_rows_are_read_does_not_show(told: Told) -> None:
    with database_snapshot(), closing(read(told)) as content:
        before = content.finish()
    with database_snapshot(), closing(read(told)) as content:
        updates = list(content.updates())
        accept_one_more(told)
        documents = [row.name for row in content.documents()]
        assert content.finish().fingerprint == before.fingerprint
    with database_snapshot(), closing(read(told)) as content:
        assert len(list(content.updates())) == len(updates) + 1
        assert [row.name for row in content.documents() if row.name not in documents] == ["Lewat.pdf"]
    report = asked(told)
    with pytest.raises(Error, match="read-only"), database_snapshot():
        Report.objects.filter(pk=report.pk).update(done_count=1)
    # A pack of today is whole although others write while it flows.
    flow = iter(fetch(told, pack_asked(told, day=TODAY)).streaming_content)
    left = [next(flow)]
    accept_one_more(told)
    left.extend(flow)
    taken = Taken(b"".join(left))
    assert taken.zip.testzip() is None
    assert sum("Lewat" in name for name in taken.evidence) == 1
    assert Download.objects.get().outcome == DownloadOutcome.WHOLE


def test_making_that_ends_before_its_last_row_leaves_no_cursor_open(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[SummaryContent] = []
    ignored: list[Any] = []

    def write(content: SummaryContent, target: Any, **_named: Any) -> None:
        held.append(content)
        next(content.updates())
        raise RuntimeError

    use_writer(monkeypatch, write)
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    assert make(asked(told).pk, now=told.now) == ReportState.FAILED
    assert {inspect.getgeneratorstate(rows) for rows in held[0]._left} == {inspect.GEN_CLOSED}
    held.clear()
    # Nor does a pack with too many rows.
    monkeypatch.setattr("reports.summary.limits.MOST_UPDATES", 1)
    report = asked(told, export_format=ExportFormat.PACK)
    assert make(report.pk, now=told.now) == ReportState.FAILED
    assert "300" in fresh(report).failure
    gc.collect()
    assert ignored == []


def test_one_file_of_a_person_is_verified_at_a_time(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    make_record(told)
    again = verification.differences
    others: list[object] = []

    def meanwhile(report: Report) -> Any:
        monkeypatch.setattr(verification, "differences", again)
        deeds = [
            partial(verify_file, SHA256, has_bytes=True, actor=told.people[by], now=told.now)
            for by in ("officer", "jim")
        ]
        others.extend(at_once(*deeds))
        return again(report)

    monkeypatch.setattr(verification, "differences", meanwhile)
    officer = told.people["officer"]
    assert (
        verify_file(SHA256, has_bytes=True, actor=officer, now=told.now).outcome == VerificationOutcome.SAME
    )
    assert isinstance(others[0], NotNow)
    assert (
        isinstance(others[1], verification.VerificationResult)
        and others[1].outcome == VerificationOutcome.SAME
    )
    assert (
        verify_file(SHA256, has_bytes=True, actor=officer, now=told.now).outcome == VerificationOutcome.SAME
    ), "its turn has come"
