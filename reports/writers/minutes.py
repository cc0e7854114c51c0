"""The minutes of a meeting as Word document and as PDF: who was present, the points as they were laid, the decisions.

Both are written from the same blocks, in the active language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.clock import local_date
from meetings.states import MeetingState
from reports.writers.docx.document import DocumentBuilder, DocxColumn
from reports.writers.docx.text import DocxTranslator, plain
from reports.writers.pdf.compiler import compile_pdf
from reports.writers.pdf.fonts import FONT_FAMILIES
from reports.writers.pdf.typst_data import TypedText
from reports.writers.wording import sentences
from reports.writers.wording.labels import LABELS
from reports.writers.wording.steps import cancelled_words
from ui import dates

if TYPE_CHECKING:
    from meetings.models import MeetingDecision
    from meetings.queries.decisions_page import DecisionLine
    from meetings.queries.laid import LaidContent
    from reports.summary.minutes import Minutes

#: Where the numbers of the page and of all pages stand.
_PAGE = {"docx": ("{PAGE}", "{NUMPAGES}"), "pdf": ("{page}", "{pages}")}


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the minutes: a heading, a sentence, what somebody wrote, or a table with its heads."""

    kind: str
    text: str = ""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def blocks_of(minutes: Minutes) -> Iterator[Block]:
    """Yield the minutes from their first heading to who closed them, in the active language."""
    yield Block("heading", _("Present"))
    attendance = minutes.meeting.attendance
    yield Block("typed", attendance) if attendance else Block("text", _("Who was present was not recorded."))
    yield Block("heading", _("Points of the agenda"))
    yield from _points(minutes.agenda)
    yield Block("heading", _("Decisions"))
    yield from _decisions(minutes.decisions)
    yield Block("heading", _("Minutes"))
    if minutes.closed_at and minutes.meeting.state == MeetingState.CLOSED:
        yield Block(
            "text", _("The minutes were closed on %(when)s.") % {"when": dates.day_time(minutes.closed_at)}
        )
    else:
        yield Block(
            "text", _("The minutes are not closed: decisions may still be recorded, corrected or withdrawn.")
        )


def _points(agenda: LaidContent | None) -> Iterator[Block]:
    if agenda is None:
        yield Block("text", _("No agenda was laid before the council in Jejak."))
        return
    words = {"number": agenda.version, "day": dates.day(agenda.as_at)}
    yield Block(
        "text",
        _("The agenda was laid as version %(number)s, as at %(day)s. Its rows are in the council paper.")
        % words,
    )
    for place, point in enumerate(agenda.points, start=1):
        yield Block("point", f"{place}. {point.heading}")
        if point.text:
            yield Block("typed", point.text)


def _decisions(lines: Sequence[DecisionLine]) -> Iterator[Block]:
    """Yield the decisions that stand in a table, then each that was withdrawn, with the reason."""
    standing = [line.decision for line in lines if not line.is_withdrawn]
    if not standing:
        yield Block("text", _("No decision was recorded."))
    else:
        heads = (_("No."), _("Decision"), _("Item"), _("Responsible"), _("By when"))
        rows = tuple(
            (str(each.number), _decision_words(each), str(each.item), each.whose, dates.day(each.due_on))
            for each in standing
        )
        yield Block("table", heads=heads, rows=rows)
    for line in lines:
        if line.is_withdrawn:
            words = {
                "number": line.decision.number,
                "text": line.decision.text,
                "reason": line.decision.ended_reason,
            }
            yield Block("text", _("Decision %(number)s was withdrawn: %(text)s Reason: %(reason)s") % words)


def _decision_words(decision: MeetingDecision) -> str:
    """Return what was decided, and why it is not carried out where it was cancelled later."""
    step = decision.action
    if step.cancelled_at is None:
        return decision.text
    return f"{decision.text} {cancelled_words(local_date(step.cancelled_at), step.cancelled_reason)}"


def _page(extension: str) -> str:
    """Return "Page 1 of 3", in a demonstration after the warning that it shows samples."""
    numbers = sentences.page_numbers(*_PAGE[extension])
    return f"{sentences.sample_data()} · {numbers}" if settings.DEMO else numbers


def write_docx(minutes: Minutes, target: BinaryIO, *, language: str) -> None:
    """Write the minutes as a Word document."""
    builder = DocumentBuilder(DocxTranslator((language,)))
    with override(language):
        title, subtitle = minutes.title, minutes.subtitle
        builder.frame(
            banner=builder.translate(str(minutes.classification.label)),
            running=builder.translate(f"{title}, {minutes.meeting.number}"),
            page=builder.translate(_page("docx")),
        )
        builder.paragraph(plain(title), style="PaperTitle")
        builder.paragraph(plain(subtitle), style="Note")
        for block in blocks_of(minutes):
            _add(builder, block)
    builder.save(target, title=title, subject=subtitle, statement=minutes)


def _add(builder: DocumentBuilder, block: Block) -> None:
    if block.kind == "heading":
        builder.heading(builder.translate(block.text), level=2)
    elif block.kind == "point":
        builder.heading(builder.translate(block.text), level=3)
    elif block.kind == "table":
        widths = (10, 60, 34, 31, 35)
        columns = [DocxColumn(width, plain(head)) for width, head in zip(widths, block.heads, strict=True)]
        rows = [[plain(cell) for cell in row] for row in block.rows]
        builder.table(columns, rows, caption=builder.translate(_("Decisions")))
    else:
        for paragraph in block.text.split("\n"):
            builder.paragraph(plain(paragraph) if block.kind == "typed" else builder.translate(paragraph))


def write_pdf(minutes: Minutes, target: BinaryIO, *, language: str) -> None:
    """Write the minutes as a PDF."""
    with override(language):
        data: dict[str, Any] = {
            "languages": [language],
            "fonts": FONT_FAMILIES,
            "labels": {"continued": [str(LABELS["continued"])]},
            "banner": [str(minutes.classification.label).upper()],
            "title": [minutes.title],
            "as_at": [minutes.meeting.number],
            "document_title": f"{minutes.title}, {minutes.meeting.number}",
            "keywords": ["Jejak", minutes.fingerprint] if minutes.fingerprint else ["Jejak"],
            "sample": [],
            "page": [_page("pdf")],
            "subtitle": minutes.subtitle,
            "blocks": [
                {
                    "kind": block.kind,
                    "text": TypedText(block.text) if block.kind == "typed" else block.text,
                    "heads": [[head] for head in block.heads],
                    "rows": [[TypedText(cell) for cell in row] for row in block.rows],
                }
                for block in blocks_of(minutes)
            ],
        }
    target.write(compile_pdf("minutes.typ", data, minutes.maker.made_at))
