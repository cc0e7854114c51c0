"""What the page of one report shows, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from audit.clock import local_date
from evidence.display import Badge
from evidence.models import Document
from reports.permissions import RIGHTS_CHANGED, is_shared_with, keeps_rights, may_ask_for
from reports.queries.signs import broken_sign, outcome_sign, state_sign
from reports.services.changes import CONTENT_CHANGED, is_outdated
from reports.states import DownloadOutcome, ExportFormat, ReportState, SummaryLanguage
from reports.summary.selection import Selection, selection_of
from reports.summary.statement import accepted_after, agenda_lines, guarantee
from ui import dates
from ui.numbers import number

if TYPE_CHECKING:
    from reports.models.comparison import Comparison
    from reports.models.download import Download
    from reports.models.report import Report

#: Downloads that a page lists; the audit trail has all.
_SHOWN_DOWNLOADS = 20


@dataclass(frozen=True, slots=True)
class DownloadRow:
    """One download; `document` is the file that broke it off, where the reader may know of it."""

    download: Download
    sign: Badge
    document: Document | None
    #: The bytes of a pack are stored nowhere: whoever checks one by hand compares with this sum.
    shows_sum: bool

    @property
    def number(self) -> str:
        """The number of the file that broke it off; everybody may know it."""
        return str(self.download.document_id or "")

    @property
    def document_name(self) -> str:
        """Its number, and its name where no seal hides it."""
        seen = self.document if self.document and self.document.sealed_at is None else None
        words = {"number": self.number, "name": seen.original_name if seen else ""}
        if not words["name"]:
            return _("Document %(number)s") % words
        return _("Document %(number)s, “%(name)s”") % words


@dataclass(frozen=True)
class ReportPage:
    """One report as a person sees it."""

    report: Report
    selection: Selection
    user: User
    downloads: list[DownloadRow]
    progress: dict[str, Any]
    state_sign: Badge
    #: The disk has lost the file, or a pack would no longer hold the rows that it was requested with.
    is_lost: bool

    @property
    def is_mine(self) -> bool:
        return self.report.asked_by_id == self.user.pk

    @cached_property
    def is_shared(self) -> bool:
        """Whether it is one's own, or a colleague's that one may have."""
        return is_shared_with(self.user, self.report)

    @property
    def newest_end(self) -> str:
        """How the newest download ended, so that the page notices the next end."""
        return _end_of(self.downloads[0].download) if self.downloads else ""

    @property
    def broken(self) -> DownloadRow | None:
        """The newest download, where a file broke it off."""
        newest = self.downloads[0] if self.downloads else None
        return newest if newest and newest.download.outcome == DownloadOutcome.BROKEN else None

    @property
    def sign(self) -> Badge:
        return broken_sign() if self.broken else self.state_sign

    @property
    def broken_words(self) -> str:
        """Which file broke off the newest download, and what left; empty where none did."""
        if self.broken is None:
            return ""
        if not self.report.spec.is_streamed:
            return _(
                "The file is no longer what was made: the download stopped. Make it again. MAPO has been told."
            )
        words = _(
            "%(document)s no longer matches its hash: the download stopped and the pack cannot be "
            "opened. MAPO has been told."
        )
        if not self.broken.download.size:
            words = _("%(document)s no longer matches its hash: no pack was downloaded. MAPO has been told.")
        return words % {"document": self.broken.document_name}

    @property
    def starts_download(self) -> bool:
        """Whether the page may download the file by itself: it was just made, and never downloaded."""
        return self.can_download and not self.downloads

    @cached_property
    def keeps_rights(self) -> bool:
        return keeps_rights(self.user, self.report)

    @property
    def can_download(self) -> bool:
        is_streamed = self.report.is_ready and self.report.spec.is_streamed
        is_there = is_streamed or (self.report.has_bytes and not self.is_outdated)
        return self.is_shared and is_there and self.keeps_rights and not self.is_lost

    @cached_property
    def is_outdated(self) -> bool:
        """Whether the file holds what its reader may no longer read (up to three queries)."""
        return self.is_shared and self.report.has_bytes and is_outdated(self.report, self.selection)

    @property
    def can_make_again(self) -> bool:
        """Whether it may be requested once more: it failed, was cancelled, or can no longer be downloaded."""
        is_over = self.report.is_settled and not self.can_download
        return self.is_mine and is_over and may_ask_for(self.user, ExportFormat(self.report.export_format))

    @property
    def refusal(self) -> str:
        """Why a report that is ready cannot be downloaded by whoever may have it."""
        if not (self.report.is_ready and self.is_shared) or self.can_download or self.is_lost:
            return ""
        if self.report.dropped_at is not None:
            return _("The file is no longer kept. Make it again: its record stays.")
        return str(CONTENT_CHANGED if self.keeps_rights else RIGHTS_CHANGED)

    @property
    def guarantee(self) -> str:
        return guarantee(is_closed=self.selection.day < local_date(self.report.asked_at))

    @property
    def rows(self) -> str:
        return number(self.report.rows_count or 0)

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Label and value of everything that was chosen, in the order of the form."""
        selection = self.selection
        return [
            (_("Cycle"), str(selection.year)),
            (_("As at"), dates.day(selection.day)),
            (_("Language"), str(SummaryLanguage(selection.language).label)),
            (_("Highest classification"), str(selection.ceiling.label)),
            (_("Level of detail"), str(selection.depth.label)),
            *selection.chosen_filters().values(),
            *([(_("Since"), accepted_after(selection.since))] if selection.since else []),
            *agenda_lines(selection),
        ]


def read_report_page(report: Report, *, user: User, is_lost: bool = False) -> ReportPage:
    """Return the page; one query for the downloads, and one for the documents that broke them off, if any."""
    downloads = _downloads(report, user)
    newest = downloads[0].download.outcome if downloads else ""
    # Of a pack it is a document that broke it off; the file of any other format is itself no longer what was made.
    is_harmed = newest == DownloadOutcome.BROKEN and not report.spec.is_streamed
    return ReportPage(
        report=report,
        selection=selection_of(report),
        user=user,
        downloads=downloads,
        progress=read_progress(report),
        state_sign=state_sign(report),
        is_lost=is_lost or is_harmed,
    )


def read_progress(report: Report | Comparison) -> dict[str, Any]:
    """Return how far a report or a comparison is, as the page and its script read it; `percent` is None while it is not known."""
    percent = None
    if report.state == ReportState.MAKING and report.done_count and report.total_count:
        # The rows were counted when the report was requested: more may have come since, so never say 100 %.
        percent = min(99, report.done_count * 100 // report.total_count)
    return {
        "state": str(report.state),
        "percent": percent,
        "text": _progress_text(report),
        "is_settled": report.is_settled,
    }


def read_end(report: Report) -> str:
    """Return which download is the newest and how it ended; empty while it streams, and where there is none."""
    newest = report.downloads.first()
    return _end_of(newest) if newest else ""


def _end_of(download: Download) -> str:
    return f"{download.pk} {download.outcome}" if download.outcome else ""


def _progress_text(report: Report | Comparison) -> str:
    if report.state == ReportState.WAITING:
        return _("It is in the queue. About %(total)s rows.") % {"total": number(report.total_count)}
    if report.state != ReportState.MAKING:
        return str(ReportState(report.state).label)
    if not report.done_count:
        return _("Reading about %(total)s rows") % {"total": number(report.total_count)}
    done = min(report.done_count, report.total_count)
    return pgettext("progress", "%(done)s of about %(total)s rows") % {
        "done": number(done),
        "total": number(report.total_count),
    }


def _downloads(report: Report, user: User) -> list[DownloadRow]:
    rows = list(report.downloads.select_related("downloaded_by__agency")[:_SHOWN_DOWNLOADS])
    broken = [row.document_id for row in rows if row.document_id]
    seen = Document.objects.visible_to(user).in_bulk(broken) if broken else {}
    is_streamed = report.spec.is_streamed
    return [
        DownloadRow(
            row,
            outcome_sign(row),
            seen.get(row.document_id or 0),
            shows_sum=is_streamed and row.outcome == DownloadOutcome.WHOLE,
        )
        for row in rows
    ]
