"""What a summary can be made as, how deep it goes, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: The canonical form of rows (`reports.summary.fingerprint`): it begins every fingerprint, and another form gets another.
FORM = 1


class Depth(models.TextChoices):
    """How much of each item a summary holds."""

    GLANCE = "glance", pgettext_lazy("summary", "One page")
    LINES = "lines", pgettext_lazy("summary", "One line per item")
    FULL = "full", pgettext_lazy("summary", "Full, with accepted narratives")
    EVIDENCE = "evidence", pgettext_lazy("summary", "List of evidence")


#: Depths that hold what was accepted, and that name documents.
WITH_UPDATES = frozenset({Depth.FULL})
WITH_DOCUMENTS = frozenset({Depth.FULL, Depth.EVIDENCE})


class Language(models.TextChoices):
    """The languages in which a summary is written."""

    MALAY = "ms", "Bahasa Melayu"
    ENGLISH = "en", pgettext_lazy("summary", "English")
    BOTH = "both", pgettext_lazy("summary", "Malay and English side by side")


class ExportFormat(models.TextChoices):
    """What a summary is made as."""

    PDF = "pdf", pgettext_lazy("summary", "PDF")
    DOCX = "docx", pgettext_lazy("summary", "Word document")
    XLSX = "xlsx", pgettext_lazy("summary", "Excel workbook")
    CSV = "csv", pgettext_lazy("summary", "CSV table")
    JSON = "json", pgettext_lazy("summary", "JSON data")
    COUNCIL = "council", pgettext_lazy("summary", "Council paper")
    MEETING = "meeting", pgettext_lazy("summary", "Meeting sheet")
    PACK = "pack", pgettext_lazy("summary", "Evidence pack")


@dataclass(frozen=True, slots=True)
class FormatSpec:
    """What every part needs to know of a paper.

    `stem` is its word in file names, in Malay and in English; `depths` those it is made for, the usual one first;
    `is_streamed`: its bytes are made while they are taken, and not kept; `is_of_mapo`: the secretariat's own.
    """

    extension: str
    media_type: str
    stem: tuple[str, str]
    depths: tuple[Depth, ...]
    tells: str | Promise
    writer: str
    is_streamed: bool = False
    is_of_mapo: bool = False
    sees_files: bool = False


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PROGRESS = ("kemajuan", "progress")
_ALL = (Depth.FULL, Depth.LINES, Depth.GLANCE, Depth.EVIDENCE)

FORMATS: dict[ExportFormat, FormatSpec] = {
    ExportFormat.PDF: FormatSpec(
        "pdf",
        "application/pdf",
        _PROGRESS,
        _ALL,
        _("To read, print and send"),
        "reports.writers.pdf.summary.write",
    ),
    ExportFormat.DOCX: FormatSpec(
        "docx", _WORD, _PROGRESS, _ALL, _("To go on writing in"), "reports.writers.docx.summary.write"
    ),
    ExportFormat.XLSX: FormatSpec(
        "xlsx", _EXCEL, _PROGRESS, _ALL, _("To filter and to count"), "reports.writers.xlsx.write"
    ),
    ExportFormat.CSV: FormatSpec(
        "csv",
        "text/csv; charset=utf-8",
        _PROGRESS,
        _ALL,
        _("One table for other programs"),
        "reports.writers.csv.write",
    ),
    ExportFormat.JSON: FormatSpec(
        "json",
        "application/json",
        _PROGRESS,
        _ALL,
        _("For programs, with a published schema"),
        "reports.writers.json.write",
    ),
    ExportFormat.COUNCIL: FormatSpec(
        "docx",
        _WORD,
        ("kertas-mapo", "council-paper"),
        (Depth.FULL,),
        _("A draft in MAPO's order"),
        "reports.writers.council.paper.write",
        is_of_mapo=True,
    ),
    ExportFormat.MEETING: FormatSpec(
        "pdf",
        "application/pdf",
        ("lembaran-mesyuarat", "meeting-sheet"),
        (Depth.FULL,),
        _("Two pages: what is late, what waits, what was decided"),
        "reports.writers.pdf.meeting.write",
        is_of_mapo=True,
    ),
    ExportFormat.PACK: FormatSpec(
        "zip",
        "application/zip",
        ("bukti", "evidence"),
        (Depth.FULL,),
        _("The summary and every document that it cites, with proof that they are whole"),
        "",
        is_streamed=True,
        sees_files=True,
    ),
}


class ReportState(models.TextChoices):
    """Where the making of a report stands. What is streamed is ready from the beginning."""

    WAITING = "waiting", pgettext_lazy("report", "Waiting")
    MAKING = "making", pgettext_lazy("report", "Being made")
    READY = "ready", pgettext_lazy("report", "Ready")
    FAILED = "failed", pgettext_lazy("report", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("report", "Cancelled")


#: The only moves. A making that was cut off goes back to waiting; a streamed report fails when a file does not match.
REPORT_MOVES = [
    (ReportState.WAITING, ReportState.MAKING),
    (ReportState.MAKING, ReportState.WAITING),
    (ReportState.MAKING, ReportState.READY),
    (ReportState.MAKING, ReportState.FAILED),
    (ReportState.WAITING, ReportState.FAILED),
    (ReportState.WAITING, ReportState.CANCELLED),
    (ReportState.MAKING, ReportState.CANCELLED),
]


class DownloadOutcome(models.TextChoices):
    """How a taking ended; empty while the bytes flow, and for ever if the process fell in the middle."""

    WHOLE = "whole", pgettext_lazy("taking", "Taken whole")
    BROKEN = "broken", pgettext_lazy("taking", "Broken off: a file no longer matches its hash")
    CUT = "cut", pgettext_lazy("taking", "The connection ended before the last byte")
