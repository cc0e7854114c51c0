"""The content of a report, read with the rights of whoever asked for it; of a meeting's paper, with its agenda."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from meetings.queries.laid import read_laid
from meetings.services.laying import fingerprint_of
from reports.states import FORMATS, ExportFormat
from reports.summary.content import Progress, SummaryContent, ignore_progress
from reports.summary.selection import AgendaOrigin, Selection, stored_selection

if TYPE_CHECKING:
    from meetings.queries.laid import LaidContent
    from reports.models.report import Report


def selection_of(report: Report) -> Selection:
    """Return the selection of a report, with the name of the agenda that it was made of."""
    selection, laid = stored_selection(report.query), report.laid_agenda
    if laid is None or selection.agenda is None:
        return selection
    origin = AgendaOrigin(selection.agenda.sha256, read_laid(laid).meeting_number, laid.number)
    return replace(selection, agenda=origin)


def content_of(report: Report, *, progress: Progress = ignore_progress) -> SummaryContent:
    """Return the content of a report, to be read inside `database_snapshot()`. Raises `EmptySelection`.

    The fingerprint of an agenda is worked out again from what is held of it, so that another one gives other rows. An
    evidence pack of a meeting holds the items on its agenda alone.
    """
    selection, laid = selection_of(report), report.laid_agenda
    if laid is None or selection.agenda is None:
        return SummaryContent(
            selection, cycle=report.cycle, reader=report.reader, progress=progress, form=report.form
        )
    agenda = read_laid(laid)
    return SummaryContent(
        replace(selection, agenda=replace(selection.agenda, sha256=fingerprint_of(laid.content))),
        cycle=report.cycle,
        reader=report.reader,
        progress=progress,
        form=report.form,
        agenda=agenda,
        item_ids=items_of_paper(ExportFormat(report.export_format), agenda),
    )


def items_of_paper(export_format: ExportFormat, agenda: LaidContent) -> frozenset[int] | None:
    """Return the items that a paper of a meeting is about: of an evidence pack those on the agenda; None for all."""
    return agenda.item_ids if FORMATS[export_format].holds_files else None
