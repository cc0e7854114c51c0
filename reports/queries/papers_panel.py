"""The papers that were made of a meeting's agendas, among the papers of the meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.urls import reverse

from evidence.display import Badge
from meetings.extensions import PapersPanel
from meetings.models import LaidAgenda
from reports.models.report import Report
from reports.permissions import is_shared_with, keeps_rights
from reports.queries.report_page import read_progress
from reports.queries.signs import state_sign
from reports.services.notices import path_of
from reports.states import FORMATS, MEETING_PAPERS, ExportFormat, SummaryLanguage
from reports.summary.selection import default_language

if TYPE_CHECKING:
    from accounts.models import User
    from meetings.models import Meeting

#: What a file of each extension is called on its button.
_PROGRAMS = {"docx": "Word", "pdf": "PDF", "zip": "ZIP"}
_TEMPLATE = "reports/papers/panel.html"


@dataclass(frozen=True)
class PaperRow:
    """One paper of a meeting as a person sees it."""

    paper: Report
    user: User

    @property
    def url(self) -> str:
        """The address of its page; empty for a colleague's that is not ready."""
        is_theirs = self.user.is_administrator or is_shared_with(self.user, self.paper)
        return path_of(self.paper) if is_theirs else ""

    @property
    def sign(self) -> Badge:
        return state_sign(self.paper)

    @property
    def is_going(self) -> bool:
        return not self.paper.is_settled

    @property
    def progress(self) -> str:
        return str(read_progress(self.paper)["text"])

    @property
    def language(self) -> str:
        return str(SummaryLanguage(self.paper.language).label)

    @property
    def can_download(self) -> bool:
        """Whether its file is there for this person; the page of the paper says whether it may still leave."""
        has_file = self.paper.has_bytes or (self.paper.is_ready and self.paper.spec.is_streamed)
        return has_file and is_shared_with(self.user, self.paper) and keeps_rights(self.user, self.paper)


@dataclass(frozen=True)
class AgendaPapers:
    """An agenda that was laid, with the papers that were made from it by kind, of each the newest first."""

    laid: LaidAgenda
    rows: tuple[PaperRow, ...]

    @cached_property
    def is_going(self) -> bool:
        return any(row.is_going for row in self.rows)


@dataclass(frozen=True)
class PaperChoice:
    """A button that makes one paper."""

    value: str
    label: str
    icon: str


def read_papers_panel(meeting: Meeting, user: User, _now: datetime) -> PapersPanel | None:
    """Return the panel; two queries. Each agenda has its own papers: the newest first, from which papers are made.

    Papers that colleagues have begun are told too: nobody begins them again.
    """
    # What was laid is not read here: an agenda is long.
    laid = LaidAgenda.objects.visible_to(user).filter(meeting=meeting).defer("content")
    agendas = list(laid.order_by("-number"))
    papers = (
        (Report.objects.visible_to(user) | Report.objects.filter(settled_at=None))
        .filter(laid_agenda__in=agendas)
        .select_related("asked_by__agency", "reader_agency", "cycle")
        .order_by("-asked_at", "-pk")
    )
    order = {value: place for place, value in enumerate(MEETING_PAPERS)}
    newest_first = [PaperRow(paper, user) for paper in papers] if agendas else []
    rows = sorted(newest_first, key=lambda row: order[ExportFormat(row.paper.export_format)])
    context = {
        "meeting": meeting,
        "agendas": [
            AgendaPapers(laid, tuple(row for row in rows if row.paper.laid_agenda_id == laid.pk))
            for laid in agendas
        ],
        "minutes": _minutes_links(meeting),
        "choices": [_choice(each) for each in MEETING_PAPERS],
        "languages": SummaryLanguage.choices,
        "language": default_language().value,
    }
    return PapersPanel(_TEMPLATE, context)


def _minutes_links(meeting: Meeting) -> list[dict[str, str]]:
    """Return a link to the minutes in each language and format; none before the meeting was held."""
    if not meeting.is_held:
        return []
    return [
        {
            "url": reverse("reports:minutes", args=[meeting.pk, language, extension]),
            "label": f"{SummaryLanguage(language).label} ({_PROGRAMS[extension]})",
        }
        for language in SummaryLanguage.BOTH.codes
        for extension in ("docx", "pdf")
    ]


def _choice(export_format: ExportFormat) -> PaperChoice:
    spec, paper = FORMATS[export_format], Report(export_format=export_format)
    label = f"{paper.get_export_format_display()} ({_PROGRAMS[spec.extension]})"
    return PaperChoice(export_format, label, spec.icon)
