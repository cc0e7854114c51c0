"""The papers that a selection can be made as, for whoever asks, and what each is for."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from reports.permissions import papers_of
from reports.states import FORMATS, Depth, ExportFormat
from reports.summary.selection import MEETING_DAYS

#: What most people want, the usual one first; the rest stands under "More".
USUAL = (ExportFormat.PDF, ExportFormat.DOCX, ExportFormat.XLSX)
ICONS = {
    ExportFormat.PDF: "file-text",
    ExportFormat.DOCX: "file-pen-line",
    ExportFormat.XLSX: "file-spreadsheet",
    ExportFormat.CSV: "table",
    ExportFormat.JSON: "braces",
    ExportFormat.COUNCIL: "landmark",
    ExportFormat.MEETING: "clipboard-list",
    ExportFormat.PACK: "archive",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One paper; `asks_since`: it asks for a day itself; `holds_all`: whatever depth is chosen."""

    paper: str
    label: str
    tells: str
    icon: str
    is_first: bool
    asks_since: bool
    hands_out_files: bool
    holds_all: bool

    @property
    def since_hint(self) -> str:
        """Which decisions the day brings in, and what is taken where no day is given."""
        return _("What was decided after that day. Left empty: the last %(count)s days.") % {
            "count": MEETING_DAYS
        }


def usual_ways(user: User) -> list[Way]:
    """What most people want."""
    return [_way(paper) for paper in papers_of(user) if paper in USUAL]


def more_ways(user: User) -> list[Way]:
    """The rest of what a person may ask for."""
    return [_way(paper) for paper in papers_of(user) if paper not in USUAL]


def _way(paper: ExportFormat) -> Way:
    facts = FORMATS[paper]
    return Way(
        paper=paper.value,
        label=str(paper.label),
        tells=str(facts.tells),
        icon=ICONS[paper],
        is_first=paper == USUAL[0],
        asks_since=paper == ExportFormat.MEETING,
        hands_out_files=facts.sees_files,
        holds_all=facts.depths == (Depth.FULL,),
    )
