"""The Word document of a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from reports.states import Depth
from reports.summary.limits import SummaryRows, read_word_rows
from reports.writers.docx import overview
from reports.writers.docx.document import DocumentBuilder
from reports.writers.docx.figures import write_figure_lines, write_figures, write_key_figures
from reports.writers.docx.items import write_evidence, write_items
from reports.writers.docx.text import DocxTranslator
from reports.writers.wording import sentences
from reports.writers.wording.labels import TITLE

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.statement import Maker


def write(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
    """Write a summary as a Word document (see `Writer`)."""
    rows = read_word_rows(content, maker=maker)
    builder = DocumentBuilder(DocxTranslator(content.selection.language.codes))
    overview.write_frame(builder, rows.statement, sentences.running_title, content)
    overview.write_cover(builder, rows)
    overview.write_totals(builder, content)
    _write_body(builder, rows)
    if content.selection.depth == Depth.GLANCE:
        builder.fit_one_page()
    title, *_others = builder.translate.texts(TITLE)
    subject, *_others = builder.translate.texts(sentences.subtitle, content)
    builder.save(target, title=f"{title} {content.selection.year}", subject=subject, statement=rows.statement)


def _write_body(builder: DocumentBuilder, rows: SummaryRows) -> None:
    """Write what follows the totals at the depth of the summary."""
    content, depth = rows.content, rows.content.selection.depth
    if depth == Depth.GLANCE:
        overview.write_glance(builder, content)
        write_key_figures(builder, rows.figures)
        return
    if depth == Depth.EVIDENCE:
        overview.write_overrides(builder, content)
        write_evidence(builder, rows)
    else:
        _write_items(builder, rows, has_pages=depth == Depth.FULL)
    overview.write_guide(builder, content)


def _write_items(builder: DocumentBuilder, rows: SummaryRows, *, has_pages: bool) -> None:
    """Write pillars, one line per item, what stands out, and with `has_pages` contents and a page for each item."""
    overview.write_pillars(builder, rows.content)
    if has_pages:
        builder.contents()
    overview.write_lines(builder, rows.content, has_pages=has_pages)
    if not has_pages:
        overview.write_overrides(builder, rows.content)
    overview.write_attention(builder, rows.content)
    if has_pages:
        write_items(builder, rows)
        write_figures(builder, rows.figures)
    else:
        write_figure_lines(builder, rows.figures)
