"""The Events about a report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from accounts.models import User
from audit.services import record

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
        label=str(report),
        agency_id=report.reader_agency_id,
        after={**selected, **(after or {})},
        reason=reason,
        now=now,
    )
