"""Depths, languages, export formats and name of a summary, states of a report, and how downloads and verifications end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ui import dates

#: The canonical form of rows (`reports.summary.fingerprint`): it begins every fingerprint, so that another form gives other fingerprints.
FORM = 1


class Depth(models.TextChoices):
    """How much of each item a summary holds."""

    GLANCE = "glance", pgettext_lazy("summary", "One page")
    LINES = "lines", pgettext_lazy("summary", "One line per item")
    FULL = "full", pgettext_lazy("summary", "Full, with accepted narratives")
    EVIDENCE = "evidence", pgettext_lazy("summary", "List of evidence")


#: The words of depths in file names, in Malay and in English.
DEPTH_STEMS: dict[Depth, tuple[str, str]] = {
    Depth.GLANCE: ("sehalaman", "one-page"),
    Depth.LINES: ("senarai", "list"),
    Depth.FULL: ("penuh", "full"),
    Depth.EVIDENCE: ("bukti", "evidence"),
}
#: Depths that hold accepted updates, and depths that list documents.
WITH_UPDATES = frozenset({Depth.FULL})
WITH_DOCUMENTS = frozenset({Depth.FULL, Depth.EVIDENCE})
#: Depths that hold all figures with what contradicts, targets, achievements and links; and those with the key figures alone.
WITH_FIGURES = frozenset({Depth.LINES, Depth.FULL})
WITH_KEY_FIGURES = frozenset({Depth.GLANCE})


class SummaryLanguage(models.TextChoices):
    """The languages in which a summary can be written."""

    MALAY = "ms", "Bahasa Melayu"
    ENGLISH = "en", pgettext_lazy("summary", "English")
    BOTH = "both", pgettext_lazy("summary", "Malay and English (bilingual)")

    @property
    def codes(self) -> tuple[str, ...]:
        """The language codes, the first one first: ("ms",), ("en",) or ("ms", "en")."""
        return ("ms", "en") if self == SummaryLanguage.BOTH else (self.value,)


class ExportFormat(models.TextChoices):
    """The formats in which a summary can be made."""

    PDF = "pdf", pgettext_lazy("summary", "PDF")
    DOCX = "docx", pgettext_lazy("summary", "Word document")
    XLSX = "xlsx", pgettext_lazy("summary", "Excel workbook")
    CSV = "csv", pgettext_lazy("summary", "CSV table")
    JSON = "json", pgettext_lazy("summary", "JSON data")
    COUNCIL = "council", pgettext_lazy("summary", "Council paper")
    MEETING = "meeting", pgettext_lazy("summary", "Meeting sheet")
    PACK = "pack", pgettext_lazy("summary", "Evidence pack")
    TABLES_DOCX = "tabledoc", pgettext_lazy("summary", "Published tables (Word)")
    TABLES_XLSX = "tablexls", pgettext_lazy("summary", "Published tables (Excel)")
    COUNCIL_PDF = "paperpdf", pgettext_lazy("summary", "Council paper for printing")


#: The papers of a meeting, in the order in which they are laid.
MEETING_PAPERS = (ExportFormat.COUNCIL, ExportFormat.COUNCIL_PDF, ExportFormat.MEETING, ExportFormat.PACK)


@dataclass(frozen=True, slots=True)
class FormatSpec:
    """Everything that the app needs to know of an export format.

    `stem` is its word in file names, in Malay and in English. `depths` are those that it can have, the default one
    first. `hint` says in one line what it is for. `writer` is the dotted path of its `reports.summary.writing.Writer`.
    `is_usual`: offered first. `is_streamed`: made while it is downloaded, and not stored. `is_of_mapo`: for MAPO
    alone. `holds_files`: documents leave with it. `asks_since`: the page asks for the day of the last meeting.
    `holds_tables`: it is of published tables, all or the one that the selection names, whatever filters it has.
    """

    extension: str
    icon: str
    hint: str | Promise
    writer: str
    stem: tuple[str, str] = ("kemajuan", "progress")
    depths: tuple[Depth, ...] = (Depth.FULL, Depth.LINES, Depth.GLANCE, Depth.EVIDENCE)
    is_usual: bool = False
    is_streamed: bool = False
    is_of_mapo: bool = False
    holds_files: bool = False
    asks_since: bool = False
    holds_tables: bool = False

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.extension]

    @property
    def has_one_depth(self) -> bool:
        return len(self.depths) == 1


#: Says that a selection is of every published table.
ALL_TABLES = "all"

#: The media type of each extension.
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}

FORMATS: dict[ExportFormat, FormatSpec] = {
    ExportFormat.PDF: FormatSpec(
        "pdf", "file-text", _("To read, print and send"), "reports.writers.pdf.summary.write", is_usual=True
    ),
    ExportFormat.DOCX: FormatSpec(
        "docx", "file-pen-line", _("To edit further"), "reports.writers.docx.summary.write", is_usual=True
    ),
    ExportFormat.XLSX: FormatSpec(
        "xlsx", "file-spreadsheet", _("To filter and count"), "reports.writers.xlsx.write", is_usual=True
    ),
    ExportFormat.CSV: FormatSpec(
        "csv", "table", _("One table for other programs"), "reports.writers.csv.write"
    ),
    ExportFormat.JSON: FormatSpec(
        "json", "braces", _("For programs, with a published schema"), "reports.writers.json.write"
    ),
    ExportFormat.COUNCIL: FormatSpec(
        "docx",
        "landmark",
        _("A draft in MAPO's order"),
        "reports.writers.council.paper.write",
        stem=("kertas-mapo", "council-paper"),
        depths=(Depth.FULL,),
        is_of_mapo=True,
        asks_since=True,
    ),
    ExportFormat.COUNCIL_PDF: FormatSpec(
        "pdf",
        "landmark",
        _("The council paper as a file that nobody edits"),
        "reports.writers.council.paper.write_pdf",
        stem=("kertas-mapo", "council-paper"),
        depths=(Depth.FULL,),
        is_of_mapo=True,
        asks_since=True,
    ),
    ExportFormat.MEETING: FormatSpec(
        "pdf",
        "clipboard-list",
        _("Two pages at most: what is late, what waits, what was decided"),
        "reports.writers.pdf.meeting.write",
        stem=("lembaran-mesyuarat", "meeting-sheet"),
        depths=(Depth.FULL,),
        is_of_mapo=True,
        asks_since=True,
    ),
    ExportFormat.PACK: FormatSpec(
        "zip",
        "archive",
        _("The summary and every document that it cites, with proof that they are complete"),
        "",
        stem=("bukti", "evidence"),
        depths=(Depth.FULL,),
        is_streamed=True,
        holds_files=True,
    ),
    ExportFormat.TABLES_DOCX: FormatSpec(
        "docx",
        "table",
        _("The source's own tables, continued by what agencies reported, for the next press statement"),
        "reports.writers.published.docx.write",
        stem=("jadual", "tables"),
        depths=(Depth.LINES,),
        holds_tables=True,
    ),
    ExportFormat.TABLES_XLSX: FormatSpec(
        "xlsx",
        "table",
        _("The same tables as typed numbers, one sheet a table"),
        "reports.writers.published.xlsx.write",
        stem=("jadual", "tables"),
        depths=(Depth.LINES,),
        holds_tables=True,
    ),
}


#: Depths and languages as they stand in the name of a summary.
_NAMED_DEPTHS = {
    Depth.GLANCE: pgettext_lazy("in a name", "one page"),
    Depth.LINES: pgettext_lazy("in a name", "one line per item"),
    Depth.FULL: pgettext_lazy("in a name", "full"),
    Depth.EVIDENCE: pgettext_lazy("in a name", "list of evidence"),
}
_NAMED_LANGUAGES = {
    SummaryLanguage.MALAY: pgettext_lazy("in a name", "in Malay"),
    SummaryLanguage.ENGLISH: pgettext_lazy("in a name", "in English"),
    SummaryLanguage.BOTH: pgettext_lazy("in a name", "bilingual"),
}


def summary_name(
    export_format: str,
    *,
    meeting: str = "",
    table: str = "",
    depth: str = "",
    day: date | None = None,
    language: str = "",
) -> str:
    """Return "PDF, one line per item, as at 31 August 2023, in Malay", in the active language.

    The shelf, the page of a summary, notices and mails say it. A paper of a meeting has the number of the meeting:
    "Council paper, Bil. 3/2023, as at …", a single table its letter. A format that has one depth alone is named without it, and what is not given is
    left out. The audit trail, read in either language, names a summary by its file (`reports.summary.statement.file_name`).
    """
    kind = ExportFormat(export_format)
    has_depth = depth and not FORMATS[kind].has_one_depth
    parts = (
        str(kind.label),
        meeting,
        gettext("table %(key)s") % {"key": table} if table else "",
        str(_NAMED_DEPTHS[Depth(depth)]) if has_depth else "",
        gettext("as at %(day)s") % {"day": dates.day(day)} if day else "",
        str(_NAMED_LANGUAGES[SummaryLanguage(language)]) if language else "",
    )
    return pgettext("between parts of a name", ", ").join(part for part in parts if part)


class ReportState(models.TextChoices):
    """How far the making of a report is."""

    WAITING = "waiting", pgettext_lazy("report", "Waiting")
    MAKING = "making", pgettext_lazy("report", "Being made")
    READY = "ready", pgettext_lazy("report", "Ready")
    FAILED = "failed", pgettext_lazy("report", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("report", "Cancelled")


#: The only moves; a making that was cut off goes back to waiting.
REPORT_MOVES = [
    (ReportState.WAITING, ReportState.MAKING),
    (ReportState.MAKING, ReportState.WAITING),
    (ReportState.MAKING, ReportState.READY),
    (ReportState.MAKING, ReportState.FAILED),
    (ReportState.WAITING, ReportState.FAILED),
    (ReportState.WAITING, ReportState.CANCELLED),
    (ReportState.MAKING, ReportState.CANCELLED),
]


#: The only moves of a comparison, which nobody cancels.
COMPARISON_MOVES = [
    (ReportState.WAITING, ReportState.MAKING),
    (ReportState.MAKING, ReportState.WAITING),
    (ReportState.MAKING, ReportState.READY),
    (ReportState.MAKING, ReportState.FAILED),
]


class DownloadOutcome(models.TextChoices):
    """How a download ended; empty while it streams, and for ever if its process was killed."""

    WHOLE = "whole", pgettext_lazy("download", "Downloaded in full")
    BROKEN = "broken", pgettext_lazy("download", "Interrupted: a file no longer matches its hash")
    CUT = "cut", pgettext_lazy("download", "The connection ended before the last byte")


class VerificationOutcome(models.TextChoices):
    """What verifying ends with, in one sentence."""

    UNKNOWN = "unknown", _("Jejak did not make this file, or it was changed since.")
    MADE = "made", _("Jejak made this file. Today's answer was not compared with it.")
    SAME = "same", _("Jejak made this file, and today's answer is still the same.")
    DIFFERS = "differs", _("Jejak made this file, but today's answer is another one.")


class NotCompared(models.TextChoices):
    """Why today's content was not compared: its many rows are read again later, which may fail, its fingerprint has
    another form, or whoever asks may not know."""

    LATER = ("later", _("It has many rows, so today's answer is compared while you do something else."))
    FAILED = (
        "failed",
        _(
            "Today's answer could not be compared, because of a fault in Jejak. Verify the file again; if it "
            "fails again, tell the administrator."
        ),
    )
    FORM = (
        "form",
        _(
            "Jejak has changed the form of its rows since this was made, so the fingerprints cannot be "
            "compared."
        ),
    )
    RIGHTS = (
        "rights",
        _(
            "Today's answer is compared only for the person it was made for, while they still have the "
            "rights that they had then, and for MAPO within its clearance."
        ),
    )
