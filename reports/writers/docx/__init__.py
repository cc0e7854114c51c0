"""The Word document: a summary with real styles, so that a drafter can go on writing in it.

It holds what the PDF holds. Its letters are Arial's, since the typefaces of the screen are on no
drafter's machine. Its contents are there when it opens, without page numbers until Word is asked to update them: a
document that updates its fields by itself makes Word ask whether other files may be read.
"""

from __future__ import annotations

from typing import BinaryIO

from django.utils.translation import gettext as _

from reports.states import Depth
from reports.summary.content import SummaryContent
from reports.summary.statement import Maker
from reports.writers.docx import evidence, front, item_pages, package
from reports.writers.docx.gathering import Gathered, gather
from reports.writers.docx.sheet import Sheet
from reports.writers.docx.voice import Voice
from ui import dates


def write(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
    """Write a summary of the content as a Word document (`reports.writers.Writer`)."""
    gathered = gather(content, maker=maker)
    sheet = Sheet(Voice.of(content.selection.language))
    front.write_frame(sheet, gathered, lambda: _running(content))
    front.write_cover(sheet, gathered)
    _BODIES[content.selection.depth](sheet, gathered)
    sheet.finish()
    title, subject = front.title_text(sheet, gathered)
    package.describe(
        sheet.document, title=title, subject=subject, statement=gathered.statement, tongue=sheet.tongue
    )
    package.save(sheet.document, target)


def _running(content: SummaryContent) -> str:
    return _("Progress summary, as at %(day)s") % {"day": dates.day(content.selection.day)}


def _glance(sheet: Sheet, gathered: Gathered) -> None:
    front.write_totals(sheet, gathered.content)
    front.write_glance(sheet, gathered.content)


def _lines(sheet: Sheet, gathered: Gathered) -> None:
    front.write_totals(sheet, gathered.content)
    front.write_pillars(sheet, gathered.content)
    front.write_lines(sheet, gathered.content, has_pages=False)
    front.write_marks(sheet, gathered.content)
    front.write_key(sheet, gathered.content)


def _full(sheet: Sheet, gathered: Gathered) -> None:
    front.write_totals(sheet, gathered.content)
    front.write_pillars(sheet, gathered.content)
    sheet.contents()
    front.write_lines(sheet, gathered.content, has_pages=True)
    front.write_marks(sheet, gathered.content)
    item_pages.write_items(sheet, gathered)
    front.write_key(sheet, gathered.content)


def _evidence(sheet: Sheet, gathered: Gathered) -> None:
    front.write_totals(sheet, gathered.content)
    evidence.write_evidence(sheet, gathered)
    front.write_key(sheet, gathered.content)


_BODIES = {Depth.GLANCE: _glance, Depth.LINES: _lines, Depth.FULL: _full, Depth.EVIDENCE: _evidence}
