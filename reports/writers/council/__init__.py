"""The council paper (kertas MAPO): a draft in MAPO's order, with every figure from the rows of the summary.

In both languages the Malay paper stands first and whole, since it is the one that is tabled; its English translation
follows on a new page and is counted from 1 again. What only the secretariat knows stands in marked brackets.
"""

from __future__ import annotations

from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.summary.content import SummaryContent
from reports.summary.statement import Maker
from reports.writers import sentences
from reports.writers.council import background, decisions, issues, pillars
from reports.writers.council.draft import Draft
from reports.writers.council.issues import find_issues
from reports.writers.docx import front, package
from reports.writers.docx.gathering import gather
from reports.writers.docx.sheet import Sheet
from reports.writers.docx.voice import Voice
from ui import dates

#: The lists of the template that count the paper and its translation.
_LISTS = (2, 3)


def write(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
    """Write a council paper from the content as a Word document (`reports.writers.Writer`)."""
    gathered = gather(content, maker=maker)
    sheet = Sheet(Voice.of(content.selection.language))
    front.write_frame(sheet, gathered, lambda: _running(content))
    for tongue, numbers in zip(sheet.voice.tongues, _LISTS, strict=False):
        _write_paper(Draft(sheet, Voice((tongue,)), gathered, numbers=numbers, is_first=numbers == _LISTS[0]))
    sheet.finish()
    with override(sheet.tongue):
        title = background.title(content)
        subject = sentences.subtitle(content)
    package.describe(
        sheet.document, title=title, subject=subject, statement=gathered.statement, tongue=sheet.tongue
    )
    package.save(sheet.document, target)


def _running(content: SummaryContent) -> str:
    return _("Draft council paper, as at %(day)s") % {"day": dates.day(content.selection.day)}


def _write_paper(draft: Draft) -> None:
    """The paper in one language: purpose, background, progress by pillar, issues, decision asked."""
    found = find_issues(draft.content)
    background.write_opening(draft)
    background.write_background(draft)
    pillars.write_progress(draft)
    issues.write_issues(draft, found)
    decisions.write_decisions(draft, found)
    background.write_origin(draft)
