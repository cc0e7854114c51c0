"""Writes a council paper: its opening, its sections in their order, and where its figures come from."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import override

from meetings.states import PointKind
from recommendations.models.cycle import in_reading_language
from reports.summary.limits import read_word_rows
from reports.summary.statement import selection_words
from reports.writers.council import agenda as points
from reports.writers.council import issues
from reports.writers.council.changes import write_changes
from reports.writers.council.draft import CouncilDraft, PaperSection, chosen
from reports.writers.council.earlier import write_earlier
from reports.writers.council.printed import PaperPages
from reports.writers.council.progress import write_position
from reports.writers.docx import overview
from reports.writers.docx.document import DocumentBuilder
from reports.writers.docx.text import DocxTranslator
from reports.writers.wording import agenda as wording
from reports.writers.wording import sentences
from reports.writers.wording.reading_guide import status_sentence
from reports.writers.wording.steps import earlier_decisions
from ui import dates
from ui.number_words import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meetings.queries.laid import LaidContent, LaidPoint
    from meetings.queries.turnaround import MonthOfDecisions
    from reports.summary.content import SummaryContent
    from reports.summary.statement import Maker

#: The lists of the template that count the paper and its translation.
_LIST_NUMBERS = (2, 3)


def _running_title(content: SummaryContent) -> str:
    if agenda := content.agenda:
        return _("Council paper, %(meeting)s") % {"meeting": agenda.meeting_number}
    return _("Draft council paper, as at %(day)s") % {"day": dates.day(content.selection.day)}


def _write_opening(draft: CouncilDraft) -> None:
    """Write the references for the secretariat to complete, and the title."""
    council = _("Council for Anti-Trafficking in Persons and Anti-Smuggling of Migrants (MAPO)")
    draft.builder.paragraph(draft.translate(council), style="PaperCouncil", starts_page=not draft.is_first)
    draft.line(_("MAPO paper no. [number] of [year]"), style="PaperReference")
    draft.line(_("File reference: [reference]"), style="PaperReference")
    agenda = draft.content.agenda
    meeting = wording.meeting_words(agenda) if agenda else _("Meeting no. [number] on [date]")
    draft.line(meeting, style="PaperReference")
    draft.builder.paragraph(draft.translate(_title, draft.content), style="PaperTitle")


def _write_purpose(draft: CouncilDraft) -> None:
    """Write what the paper informs of, and where the decisions stand that it asks for."""
    draft.heading(_("Purpose"))
    about = _(
        "This paper informs the Meeting of the progress on %(items)s in the Trafficking in Persons Report %(year)s as "
        "at %(day)s."
    )
    draft.paragraph(about % _scope(draft.content))
    if number := draft.number_of("decisions"):
        draft.paragraph(_("It asks for the decisions in paragraph %(number)s.") % {"number": number})


def _title(content: SummaryContent) -> str:
    words = _scope(content) | {"items": sentences.all_items(content.totals)}
    return _("Progress on %(items)s in the Trafficking in Persons Report %(year)s, as at %(day)s") % words


def _scope(content: SummaryContent) -> dict[str, object]:
    """Return what a paper is about, in the active language: items, report, day, and the source of the texts."""
    return {
        "items": sentences.all_items(content.totals, count_words),
        "year": content.selection.year,
        "day": dates.day(content.selection.day),
        "source": content.cycle.source,
    }


def _write_background(draft: CouncilDraft) -> None:
    """Write about the report, what the paper covers, and what a status is."""
    content, cycle = draft.content, draft.content.cycle
    draft.heading(_("Background"))
    draft.paragraph(
        _(
            "The Trafficking in Persons Report %(year)s of the United States Department of State was published on "
            "%(published)s. It places Malaysia on %(after)s; before it, Malaysia was on %(before)s."
        )
        % {
            "year": cycle.year,
            "published": dates.day(cycle.published_on),
            "after": in_reading_language(content.dates, "tier_after"),
            "before": in_reading_language(content.dates, "tier_before"),
        }
    )
    draft.paragraph(
        _(
            "This paper covers %(items)s. Their short titles are MAPO’s own; the official texts are those of: %(source)s."
        )
        % _scope(content)
    )
    if content.selection.chosen_filters():
        selected = {"selection": selection_words(replace(content.selection, since=None))}
        draft.paragraph(_("It covers this selection only: %(selection)s.") % selected)
    draft.paragraph(status_sentence(content))


def _write_end(draft: CouncilDraft) -> None:
    """Write who signs, which annexes there are, and the annexes."""
    draft.builder.keep_last()
    draft.line(_("MAPO Secretariat, [date]"), style="PaperPlace")
    if draft.annexes:
        draft.builder.keep_last()
        draft.line("; ".join(annex.heading for annex in draft.annexes) + ".", style="PaperPlace")
    draft.write_annexes()


def _write_origin(draft: CouncilDraft) -> None:
    """Write from what the draft was made."""
    builder, translate = draft.builder, draft.translate
    builder.paragraph(translate(_("Where the figures come from")), style="Heading2")
    caption = translate(_("Sources of this draft"))
    builder.facts(overview.statement_texts(draft.rows.statement, translate), caption=caption)
    note = _(
        "Jejak drafted this paper from what had been recorded. The secretariat completes the marked "
        "parts, edits the paper as needed, and removes this part before the paper is tabled."
    )
    if agenda := draft.content.agenda:
        note = _(
            "Jejak made this paper from the agenda as it was laid before the council, version %(number)s: points, their order, "
            "texts and figures are those. The secretariat completes the marked parts."
        ) % {"number": agenda.version}
    builder.paragraph(translate(note), style="Note")


#: How the rows of each kind of point are written; a point of the secretary's own has a text alone.
_POINT_WRITERS = issues.WRITERS | points.WRITERS
#: The sections of a council paper: first where the country stands and what is asked of the council.
SECTIONS = (
    PaperSection("purpose", _write_purpose),
    PaperSection("position", write_position),
    PaperSection("decisions", issues.write_decisions),
    PaperSection("background", _write_background),
    PaperSection("changed", write_changes),
    PaperSection("earlier", write_earlier),
    PaperSection("issues", issues.write_issues),
)


def _agenda_sections(agenda: LaidContent, usual: Sequence[PaperSection]) -> tuple[PaperSection, ...]:
    """Return the sections of a paper: what it is about, where the country stands, what is asked, the points as they were laid."""
    told = [
        PaperSection(f"point-{place}", partial(_write_point, point=point, months=agenda.months)).with_text(
            ms=point.text, en=point.text
        )
        for place, point in enumerate(agenda.points, start=1)
    ]
    rows = {point.kind: point.all_rows for point in agenda.points}
    asked = PaperSection("decisions", partial(issues.write_asked, rows=rows))
    return (*chosen(usual, ("purpose", "position")), asked, *chosen(usual, ("background",)), *told)


def _write_point(draft: CouncilDraft, *, point: LaidPoint, months: Sequence[MonthOfDecisions]) -> None:
    """Write the heading of a point and its rows."""
    draft.heading(point.heading)
    if point.all_rows:
        _POINT_WRITERS[point.kind](draft, point.all_rows)
    elif point.kind == PointKind.WAITING:
        draft.paragraph(_("Nothing is waiting for MAPO."))
    if point.kind == PointKind.WAITING and any(month.count for month in months):
        points.write_months(draft, months)


def write(
    content: SummaryContent,
    target: BinaryIO,
    *,
    maker: Maker,
    sections: Sequence[PaperSection] = SECTIONS,
    builder_of: type[DocumentBuilder | PaperPages] = DocumentBuilder,
) -> None:
    """Write a council paper (see `Writer`) of these sections in this order; `builder_of` makes it, by default a Word document.

    Without earlier decisions it is without their section. A paper of a meeting has the points of its agenda.
    """
    rows = read_word_rows(content, maker=maker)
    if content.agenda:
        sections = _agenda_sections(content.agenda, sections)
    elif not earlier_decisions(content):
        sections = [section for section in sections if section.name != "earlier"]
    translate = DocxTranslator(content.selection.language.codes)
    builder = builder_of(translate)
    overview.write_frame(builder, rows.statement, _running_title, content)
    names = tuple(section.name for section in sections)
    for language, number in zip(translate.languages, _LIST_NUMBERS, strict=False):
        is_first = number == _LIST_NUMBERS[0]
        draft = CouncilDraft(builder, DocxTranslator((language,)), rows, number, is_first, names)
        with override(language):
            _write_opening(draft)
            for section in sections:
                section.write_to(draft)
            _write_end(draft)
            _write_origin(draft)
    title, *_others = translate.texts(_title, content)
    subject, *_others = translate.texts(sentences.subtitle, content)
    builder.save(target, title=title, subject=subject, statement=rows.statement)


def write_pdf(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
    """Write the same council paper as a PDF (see `Writer`)."""
    write(content, target, maker=maker, builder_of=PaperPages)
