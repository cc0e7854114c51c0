"""What the page of one report shows, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.clearance import Clearance
from accounts.models import User
from audit.clock import local_date
from evidence.models import Document
from recommendations.states import ItemKind, Pillar, Status
from reports.models import Download, Report
from reports.permissions import keeps_rights, may_ask_for
from reports.queries.states import Sign, broken_sign, outcome_sign, state_sign
from reports.services.differences import is_outdated
from reports.services.keeping import kept_until
from reports.services.taking import content_changed, rights_changed
from reports.states import DownloadOutcome, ExportFormat, Language, ReportState
from reports.summary.selection import Selection, item_words, saved_selection
from reports.summary.statement import guarantee
from ui import dates
from ui.numbers import number

#: Takings that a page lists; the audit trail has all.
_TAKINGS = 20


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a making is. `percent` is None while nothing can be said, as of one that waits."""

    state: str
    percent: int | None
    text: str
    is_settled: bool

    def as_json(self) -> dict[str, object]:
        return {
            "state": self.state,
            "percent": self.percent,
            "text": self.text,
            "is_settled": self.is_settled,
        }


@dataclass(frozen=True, slots=True)
class TakingLine:
    """One taking; `document` is the file that broke it off, where the reader may know of it."""

    taking: Download
    sign: Sign
    document: Document | None
    #: Its bytes are nowhere else: whoever checks a pack by hand compares with these.
    shows_sum: bool

    @property
    def number(self) -> str:
        """The number of the file that broke it off; everybody may know that."""
        return str(self.taking.document_id or "")

    @property
    def document_name(self) -> str:
        """Its name too, where it is not the seal's to hide."""
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
    takings: list[TakingLine]
    progress: Progress
    state_sign: Sign
    kept_until: datetime | None
    #: The disk no longer holds what was made, or the rows of a pack are no longer those that it was asked for with.
    is_lost: bool

    @property
    def title(self) -> str:
        return _("%(paper)s as at %(day)s") % {
            "paper": self.report.get_paper_display(),
            "day": dates.day(self.selection.day),
        }

    @property
    def is_mine(self) -> bool:
        return self.report.asked_by_id == self.user.pk

    @property
    def newest_end(self) -> str:
        """How the newest taking ended, for the page to notice the next end."""
        return _end_of(self.takings[0].taking) if self.takings else ""

    @property
    def broken(self) -> TakingLine | None:
        """The newest taking, where a file broke it off."""
        newest = self.takings[0] if self.takings else None
        return newest if newest and newest.taking.outcome == DownloadOutcome.BROKEN else None

    @property
    def sign(self) -> Sign:
        return broken_sign() if self.broken else self.state_sign

    @property
    def broken_words(self) -> str:
        """What became of the newest taking, and of which file: nothing where it did not break off."""
        if self.broken is None:
            return ""
        words = {"document": self.broken.document_name}
        if not self.broken.taking.size:
            return (
                _("%(document)s no longer matches its hash: no pack was handed out. MAPO has been told.")
                % words
            )
        return (
            _(
                "%(document)s no longer matches its hash: the pack broke off and cannot be opened. MAPO has been told."
            )
            % words
        )

    @property
    def is_untaken(self) -> bool:
        """Whether its file may be fetched by itself: just made, and never taken."""
        return self.can_take and not self.takings

    @cached_property
    def keeps_rights(self) -> bool:
        return keeps_rights(self.user, self.report)

    @property
    def can_take(self) -> bool:
        is_streamed = self.report.is_ready and self.report.facts.is_streamed
        is_there = is_streamed or (self.report.has_bytes and not self.is_outdated)
        return self.is_mine and is_there and self.keeps_rights and not self.is_lost

    @cached_property
    def is_outdated(self) -> bool:
        """Whether a file of one's own tells what one would no longer be told (up to three queries)."""
        return self.is_mine and self.report.has_bytes and is_outdated(self.report)

    @property
    def can_make_again(self) -> bool:
        """What failed, was cancelled, is no longer kept or no longer this person's to take: once more."""
        is_over = self.report.is_settled and not self.can_take
        return self.is_mine and is_over and may_ask_for(self.user, ExportFormat(self.report.paper))

    @property
    def why_not(self) -> str:
        """Why a report that is ready cannot be taken by who asked for it."""
        if not (self.report.is_ready and self.is_mine) or self.can_take or self.is_lost:
            return ""
        if self.report.dropped_at is not None:
            return _("The file is no longer kept. Make it again: its record stays.")
        return content_changed() if self.keeps_rights else rights_changed()

    @property
    def guarantee(self) -> str:
        return guarantee(is_closed=self.selection.day < local_date(self.report.asked_at))

    @property
    def classification(self) -> str:
        return (
            str(Clearance(self.report.classification).label) if self.report.classification is not None else ""
        )

    @property
    def rows(self) -> str:
        return number(self.report.rows_count or 0)

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Label and value of everything that was chosen, in the order of the form."""
        selection = self.selection
        since = _("accepted after %(day)s") % {"day": dates.day(selection.since)} if selection.since else ""
        pairs = [
            (_("Cycle"), str(selection.year)),
            (_("As at"), dates.day(selection.day)),
            (_("Language"), str(Language(selection.language).label)),
            (_("Up to the class"), str(selection.ceiling.label)),
            (_("Depth"), str(selection.depth.label)),
            (_("ItemKind"), str(ItemKind(selection.kind).label) if selection.kind else ""),
            (_("Item"), item_words(selection.item) if selection.item else ""),
            (_("Pillar"), str(Pillar(selection.pillar).label) if selection.pillar else ""),
            (_("Agency"), selection.agency),
            (_("Status"), str(Status(selection.status).label) if selection.status else ""),
            (_("Since"), since),
        ]
        return [(label, value) for label, value in pairs if value]


def read_report_page(report: Report, *, user: User, is_lost: bool = False) -> ReportPage:
    """One query for the takings, and one for the documents that broke them off, if any."""
    return ReportPage(
        report=report,
        selection=saved_selection(report.query),
        user=user,
        takings=_takings(report, user),
        progress=read_progress(report),
        state_sign=state_sign(report),
        kept_until=kept_until(report),
        is_lost=is_lost,
    )


def read_progress(report: Report) -> Progress:
    """How far it is, in numbers and words."""
    percent = None
    if report.state == ReportState.MAKING and report.done_count and report.total_count:
        # The number of rows was counted before: what came since must not promise an end that is not there.
        percent = min(99, report.done_count * 100 // report.total_count)
    return Progress(str(report.state), percent, _progress_text(report), report.is_settled)


def read_end(report: Report) -> str:
    """Which taking is the newest and how it ended; empty while its bytes flow, and where there is none."""
    newest = report.downloads.first()
    return _end_of(newest) if newest else ""


def _end_of(taking: Download) -> str:
    return f"{taking.pk} {taking.outcome}" if taking.outcome else ""


def _progress_text(report: Report) -> str:
    if report.state == ReportState.WAITING:
        return _("It waits for its turn. About %(total)s rows.") % {"total": number(report.total_count)}
    if report.state != ReportState.MAKING:
        return str(ReportState(report.state).label)
    if not report.done_count:
        return _("Reading about %(total)s rows") % {"total": number(report.total_count)}
    done = min(report.done_count, report.total_count)
    return pgettext("progress", "%(done)s of about %(total)s rows") % {
        "done": number(done),
        "total": number(report.total_count),
    }


def _takings(report: Report, user: User) -> list[TakingLine]:
    rows = list(report.downloads.select_related("taken_by__agency")[:_TAKINGS])
    broken = [row.document_id for row in rows if row.document_id]
    seen = Document.objects.visible_to(user).in_bulk(broken) if broken else {}
    is_streamed = report.facts.is_streamed
    return [
        TakingLine(
            row,
            outcome_sign(row),
            seen.get(row.document_id or 0),
            shows_sum=is_streamed and row.outcome == DownloadOutcome.WHOLE,
        )
        for row in rows
    ]
