"""The PDF of a summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from reports.languages import Translator
from reports.states import Depth
from reports.summary.limits import bounded_documents, bounded_updates, collect_rows
from reports.writers.pdf import parts
from reports.writers.pdf.compiler import compile_pdf
from reports.writers.pdf.figures import figures_data
from reports.writers.pdf.items import item_pages
from reports.writers.pdf.parts import PdfContext, TypstData
from reports.writers.wording.labels import TITLE
from reports.writers.wording.reading_guide import reading_guide, texts_guide
from reports.writers.wording.sentences import GLANCE_REASON

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.statement import Maker


def write(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
    """Write the summary of a content (see `Writer`).

    Compiling is one step that cannot be cancelled: about three milliseconds for each update.
    """
    target.write(compile_pdf("summary.typ", summary_data(content, maker=maker), maker.made_at))


def summary_data(content: SummaryContent, *, maker: Maker) -> TypstData:
    """Return all data of the summary. Raises `TooManyRows` where people would not read so much."""
    rows = collect_rows(content, maker, bounded_updates(content), bounded_documents(content))
    context = PdfContext(rows, Translator(content.selection.language.codes))
    return parts.frame(context, TITLE) | {
        "depth": content.selection.depth.value,
        "pillars": parts.pillars(context),
        "course": parts.course(context),
        "lines": parts.item_tables(context),
        **parts.attention(context),
        "agencies": parts.agencies(context),
        "guide": context.translate.text_lists(_guide, content),
        "items": item_pages(context),
        "figures": figures_data(context, rows.figures),
        "overrides": parts.overrides(context, most=_most_of_reason(content.selection.depth)),
    }


def _guide(content: SummaryContent) -> Iterator[str]:
    """Yield the paragraphs that explain the summary and its notes, in the active language."""
    yield from reading_guide(content)
    yield from texts_guide(content)


def _most_of_reason(depth: Depth) -> int | None:
    """Return how many characters of a reason are printed; None for all of them."""
    return GLANCE_REASON if depth == Depth.GLANCE else None
