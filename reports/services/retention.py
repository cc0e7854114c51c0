"""Files of reports are kept for some days, those of a meeting's papers with the meeting. The row, with who, when, what and fingerprint, stays for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from reports import files
from reports.models.report import Report
from reports.services.records import record_on
from reports.states import ReportState

#: A file without a row is removed after a day: no making takes that long between its file and its row.
ORPHAN_AGE = timedelta(hours=24)


def remove_expired_files(*, now: datetime) -> int:
    """Remove the files that were kept for REPORTS_KEEP_DAYS, with one Event each. Return their number.

    Papers of a meeting stay: they are what was laid before the council.
    """
    before = now - timedelta(days=settings.REPORTS_KEEP_DAYS)
    old = Report.objects.filter(
        state=ReportState.READY, settled_at__lt=before, dropped_at=None, laid_agenda=None
    )
    report_ids = list(old.exclude(stored_name="").order_by("pk").values_list("pk", flat=True))
    return sum(_remove_file(report_id, now=now) for report_id in report_ids)


def sweep_orphans(*, written_before: float) -> list[str]:
    """Remove the files that no report names, and return their names; `written_before` is a Unix time."""
    return files.sweep(written_before=written_before, is_live=_names_with_report)


def _remove_file(report_id: int, *, now: datetime) -> bool:
    """Note the removal in the row, then remove the file: after a crash in between the file is an orphan."""
    with transaction.atomic():
        row = Report.objects.locked(report_id)
        if not row.has_bytes:
            return False
        row.dropped_at = now
        row.save(update_fields=["dropped_at"])
        record_on(row, action="report.dropped", actor=None, now=now)
    files.remove(row.stored_name)
    return True


def _names_with_report(stored_names: list[str]) -> set[str]:
    """Return those of the names whose report still has its file."""
    held = Report.objects.filter(stored_name__in=stored_names, dropped_at=None)
    return set(held.values_list("stored_name", flat=True))
