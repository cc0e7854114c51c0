"""Asking and making in tests, and writers that fail in every way that writers can."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from django.conf import settings
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from accounts.models import User
from reports.models import Download, Report
from reports.services import making
from reports.services.requests import request_report
from reports.states import ExportFormat, ReportState
from reports.summary.content import SummaryContent
from reports.summary.statement import Maker
from reports.summary.writing import Writer
from tests.reports.conftest import Told

#: What a good writer of tests writes.
BYTES = b"kemajuan"


def asked(
    told: Told, by: str = "reviewer", *, export_format: ExportFormat = ExportFormat.CSV, **wanted: str
) -> Report:
    """A report that waits to be made."""
    return request_report(
        told.select(by, **wanted),
        export_format=export_format,
        cycle=told.cycle,
        actor=told.people[by],
        now=told.now,
    )


def ready(
    told: Told, by: str = "reviewer", *, export_format: ExportFormat = ExportFormat.CSV, **wanted: str
) -> Report:
    """A report that was made, as it stands now."""
    report = asked(told, by, export_format=export_format, **wanted)
    assert making.make(report.pk, now=told.now) == ReportState.READY, fresh(report).failure
    return fresh(report)


def fresh(report: Report) -> Report:
    """The row as it stands now."""
    return Report.objects.get(pk=report.pk)


def demote(person: User, **values: object) -> None:
    """Lower somebody's rights, as the services would leave the row."""
    User.objects.filter(pk=person.pk).update(**values)


def signed_in(told: Told, by: str = "reviewer", *, language: str = "en") -> Client:
    """A browser of a person, in a language."""
    demote(told.people[by], language=language)
    client = Client()
    client.force_login(told.people[by])
    client.cookies["language"] = language
    return client


def address(name: str, report: Report) -> str:
    """The address of a page of a report."""
    return reverse(f"reports:{name}", args=[report.pk])


def let_lease_run_out(report: Report) -> None:
    """As if its worker had given no sign of life for long."""
    Report.objects.filter(pk=report.pk).update(leased_until=Now() - timedelta(seconds=1))


def ended(report: Report | None = None) -> Download:
    """The only download (of a report), as soon as its end is noted: that comes after the last byte."""
    rows = Download.objects.filter(report=report) if report else Download.objects.all()
    for _try in range(100):
        download = rows.get()
        if download.outcome:
            return download
        time.sleep(0.1)
    raise AssertionError("the download has not ended")


def kept_files() -> list[Path]:
    """Every file under a final name."""
    return [path for path in (Path(settings.MEDIA_ROOT) / "reports").glob("*/*") if path.is_file()]


def drafts() -> list[Path]:
    """Every file under a temporary name."""
    return list((Path(settings.MEDIA_ROOT) / "tmp").glob("*"))


def use_writer(monkeypatch: pytest.MonkeyPatch, writer: Writer) -> None:
    """Let this writer write, whatever the format."""
    monkeypatch.setattr(making, "writer_of", lambda _format: writer)


def good(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
    """Takes everything, and writes a word."""
    content.finish()
    target.write(BYTES)


def raising(error: BaseException) -> Writer:
    """Half a file, then an error."""

    def write(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
        target.write(BYTES)
        target.flush()
        raise error

    return write


def full_disk() -> OSError:
    return OSError(errno.ENOSPC, "No space left on device")


def working_until(is_over: Callable[[], bool], *, at_most_seconds: float = 20.0) -> Writer:
    """Writes on and on until it is told to stop, or this is true."""

    def write(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
        ends = time.monotonic() + at_most_seconds
        rows = 0
        while not is_over():
            assert time.monotonic() < ends, "nobody stopped it"
            target.write(BYTES)
            rows += 1
            content.progress(rows)
            time.sleep(0.01)
        content.finish()

    return write
