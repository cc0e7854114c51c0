"""Keeping the bytes of summaries for some days. The row, with who, when, what and fingerprint, stays for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from reports import files
from reports.models import Report
from reports.services.rows import locked_report, record_on
from reports.states import ReportState

#: Files without a row are a day old before they go: no making takes that long between its file and its row.
ORPHAN_AGE = timedelta(hours=24)


def kept_until(report: Report) -> datetime | None:
    """From when on the bytes of a report may be gone; None where it has none."""
    if not report.has_bytes or report.settled_at is None:
        return None
    return report.settled_at + timedelta(days=settings.REPORTS_KEEP_DAYS)


def drop_old(*, now: datetime) -> int:
    """Take away the bytes that were kept for REPORTS_KEEP_DAYS; how many files that were. One Event each."""
    before = now - timedelta(days=settings.REPORTS_KEEP_DAYS)
    old = Report.objects.filter(state=ReportState.READY, settled_at__lt=before, dropped_at=None)
    numbers = list(old.exclude(stored_name="").order_by("pk").values_list("pk", flat=True))
    return sum(_drop(number, now=now) for number in numbers)


def sweep_orphans(*, written_before: float) -> list[str]:
    """Remove the files that no report has; `written_before` in seconds of the machine's clock. Returns their names."""
    return files.sweep(written_before=written_before, is_live=_have_bytes)


def _drop(report_id: int, *, now: datetime) -> int:
    """The row says so first, then the bytes go: after a crash in between they are an orphan."""
    with transaction.atomic():
        row = locked_report(report_id)
        if not row.has_bytes:
            return 0
        row.dropped_at = now
        row.save(update_fields=["dropped_at"])
        record_on(row, action="report.dropped", actor=None, now=now)
    files.remove(row.stored_name)
    return 1


def _have_bytes(stored_names: list[str]) -> set[str]:
    held = Report.objects.filter(stored_name__in=stored_names, dropped_at=None)
    return set(held.values_list("stored_name", flat=True))
