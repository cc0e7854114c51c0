"""Writes a council paper: its opening and background, progress, issues and decisions, and where its figures come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.summary.limits import read_word_rows
from reports.summary.statement import selection_words
from reports.writers.council.draft import CouncilDraft
from reports.writers.council.issues import find_issues, write_decisions, write_issues
from reports.writers.council.progress import write_progress
from reports.writers.docx import overview
from reports.writers.docx.document import DocumentBuilder
from reports.writers.docx.text import DocxTranslator
from reports.writers.wording import sentences
from reports.writers.wording.reading_guide import status_sentence
from ui import dates

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.statement import Maker

#: The lists of the template that count the paper and its translation.
_LIST_NUMBERS = (2, 3)


def write(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
    """Write a council paper as a Word document (see `Writer`)."""
    rows = read_word_rows(content, maker=maker)
    translate = DocxTranslator(content.selection.language.codes)
    builder = DocumentBuilder(translate)
    overview.write_frame(builder, rows.statement, _running_title, content)
    for language, number in zip(translate.languages, _LIST_NUMBERS, strict=False):
        is_first = number == _LIST_NUMBERS[0]
        _write_paper(CouncilDraft(builder, DocxTranslator((language,)), rows, number, is_first))
    title, *_others = translate.texts(_title, content)
    subject, *_others = translate.texts(sentences.subtitle, content)
    builder.save(target, title=title, subject=subject, statement=rows.statement)


def _running_title(content: SummaryContent) -> str:
    return _("Draft council paper, as at %(day)s") % {"day": dates.day(content.selection.day)}


def _write_paper(draft: CouncilDraft) -> None:
    """Write the paper in one language: purpose, background, progress by pillar, issues, decision asked."""
    issues = find_issues(draft.content)
    _write_opening(draft)
    _write_background(draft)
    write_progress(draft)
    write_issues(draft, issues)
    write_decisions(draft, issues)
    _write_origin(draft)


def _write_opening(draft: CouncilDraft) -> None:
    """Write the references for the secretariat to complete, the title, and the purpose."""
    council = gettext_lazy("Council for Anti-Trafficking in Persons and Anti-Smuggling of Migrants (MAPO)")
    draft.builder.paragraph(draft.translate(council), style="PaperCouncil", starts_page=not draft.is_first)
    draft.line(gettext_lazy("MAPO paper no. [number] of [year]"), style="PaperReference")
    draft.line(gettext_lazy("File reference: [reference]"), style="PaperReference")
    draft.line(gettext_lazy("Meeting no. [number] on [date]"), style="PaperReference")
    draft.builder.paragraph(draft.translate(_title, draft.content), style="PaperTitle")
    draft.heading(gettext_lazy("Purpose"))
    draft.paragraph(_purpose, draft.content)


def _title(content: SummaryContent) -> str:
    return _("Progress on %(items)s in the Trafficking in Persons Report %(year)s, as at %(day)s") % _scope(
        content
    )


def _purpose(content: SummaryContent) -> str:
    return _(
        "This paper informs the Meeting of the progress on %(items)s in the Trafficking in Persons Report %(year)s as "
        "at %(day)s, and asks for the decisions in paragraph 5."
    ) % _scope(content)


def _scope(content: SummaryContent) -> dict[str, object]:
    return {
        "items": sentences.all_items(content.totals),
        "year": content.selection.year,
        "day": dates.day(content.selection.day),
    }


def _write_background(draft: CouncilDraft) -> None:
    """Write about the report, what the paper covers, the window, and what a status is."""
    draft.heading(gettext_lazy("Background"))
    draft.paragraph(_report, draft.content)
    draft.paragraph(_covered, draft.content)
    if draft.content.selection.narrows():
        draft.paragraph(_narrowed, draft.content)
    draft.paragraph(sentences.clock_words, draft.content)
    draft.paragraph(status_sentence, draft.content)


def _report(content: SummaryContent) -> str:
    cycle = content.cycle
    return _(
        "The Trafficking in Persons Report %(year)s of the United States Department of State was published on "
        "%(published)s. It places Malaysia on %(after)s; before it, Malaysia was on %(before)s."
    ) % {
        "year": cycle.year,
        "published": dates.day(cycle.published_on),
        "after": cycle.tier_after,
        "before": cycle.tier_before,
    }


def _covered(content: SummaryContent) -> str:
    return _("This paper covers %(items)s. Their texts are those of: %(source)s.") % {
        "items": sentences.all_items(content.totals),
        "source": content.cycle.source,
    }


def _narrowed(content: SummaryContent) -> str:
    return _("It holds a selection alone: %(selection)s.") % {"selection": selection_words(content.selection)}


def _write_origin(draft: CouncilDraft) -> None:
    """Write who signs, and from what the draft was made."""
    builder, translate = draft.builder, draft.translate
    draft.line(gettext_lazy("MAPO Secretariat, [date]"), style="PaperPlace")
    builder.paragraph(translate(gettext_lazy("Where the figures come from")), style="Heading2")
    caption = translate(gettext_lazy("What this draft was made from"))
    builder.facts(overview.statement_texts(draft.rows.statement, translate), caption=caption)
    builder.paragraph(translate(_draft_note), style="Note")


def _draft_note() -> str:
    return _(
        "Jejak drafted this paper from what had been recorded. The secretariat completes what is marked, changes what "
        "it wants, and removes this part before the paper is tabled."
    )
