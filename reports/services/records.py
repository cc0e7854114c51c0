"""The Events about a report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from accounts.models import User
from audit.services import record
from reports.states import ExportFormat
from reports.summary.selection import selection_of
from reports.summary.statement import file_name

if TYPE_CHECKING:
    from reports.models.report import Report


def record_on(
    report: Report,
    *,
    action: str,
    actor: User | None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
    now: datetime,
) -> None:
    """Record one Event about a report, with its selection: who exported what stays on record for ever."""
    selected = {"paper": report.export_format, "as_at": report.as_at.isoformat(), "selection": report.query}
    if report.laid_agenda is not None:
        selected["agenda"] = str(report.laid_agenda)
    record(
        action=action,
        actor=actor,
        obj=report,
        # Its file bears this name once it is made.
        label=report.file_name or file_name(selection_of(report), ExportFormat(report.export_format)),
        agency_id=report.reader_agency_id,
        after={**selected, **(after or {})},
        reason=reason,
        now=now,
    )
