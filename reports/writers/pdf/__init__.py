"""The summary as a PDF: set by Typst, tagged as PDF/UA-1, with its faces inside.

What people typed goes in as data and is never read as markup. The same content and maker give the same bytes.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from reports.content import Content, ReportedDocument, ReportedUpdate
from reports.errors import TooMuch
from reports.statement import Maker
from reports.writers import Progress
from reports.writers.pdf import items, parts, tables
from reports.writers.pdf.setting import set_paper
from reports.writers.pdf.voice import Voice

#: A paper for people holds at most so many accepted updates, signs in their texts, and citations of documents: some
#: 300 pages, which take about five seconds and 600 MB to set.
MOST_UPDATES = 1_500
MOST_SIGNS = 1_200_000
MOST_DOCUMENTS = 4_500
TITLE = pgettext_lazy("paper", "Progress summary")

Row = TypeVar("Row", ReportedUpdate, ReportedDocument)


def write(content: Content, target: BinaryIO, *, maker: Maker, progress: Progress) -> None:
    """Write the summary of a content; takes all its rows first, since class and fingerprint stand on the cover.

    Raises `TooMuch` where people would not read so much. Setting itself is one step that cannot be cancelled: about
    three milliseconds for each update.
    """
    target.write(
        set_paper("summary.typ", summary_data(content, maker=maker, progress=progress), maker.made_at)
    )


def summary_data(content: Content, *, maker: Maker, progress: Progress) -> dict[str, Any]:
    """Everything that stands in the summary, in the order in which the typesetter asks for it."""
    voice = Voice(content.selection.language.value)
    updates = items.gather_updates(
        bounded(watched(content.updates(), progress), MOST_UPDATES), voice, content
    )
    documents = items.gather_documents(
        bounded(watched(content.documents(), progress), MOST_DOCUMENTS), voice, content
    )
    gathered = parts.Gathered.of(content, maker)
    progress(gathered.statement.rows_count)
    return parts.frame(gathered, TITLE) | {
        "depth": content.selection.depth.value,
        "facts": parts.facts(gathered),
        "statement": parts.statement_lines(gathered),
        "clock": parts.clock(gathered),
        "totals": parts.totals(gathered),
        "pillars": parts.pillars(gathered),
        "lines": tables.lines(gathered),
        "late": tables.late(gathered),
        "waiting": tables.waiting(gathered),
        "agencies": tables.agency_names(gathered),
        "how": tables.how_to_read(gathered),
        "items": items.pages(gathered, updates, documents),
    }


def watched(rows: Iterator[Row], progress: Progress) -> Iterator[Row]:
    """The rows, with word of every hundredth; their cursor is closed, also where the making is cancelled."""
    with _closed_after(rows):
        for count, row in enumerate(rows, start=1):
            if count % 100 == 0:
                progress(count)
            yield row


def bounded(rows: Iterator[Row], most: int) -> Iterator[Row]:
    """The rows, as long as they are no more, and their texts no longer, than people read on paper."""
    signs = 0
    with _closed_after(rows):
        for count, row in enumerate(rows, start=1):
            signs += len(row.narrative) if isinstance(row, ReportedUpdate) else 0
            if count > most or signs > MOST_SIGNS:
                raise TooMuch(
                    _(
                        "This summary would have more than some 300 pages: too many for a paper that people read."
                        " Choose the Excel workbook or the CSV table, or narrow the selection."
                    )
                )
            yield row


@contextmanager
def _closed_after(rows: Iterator[Row]) -> Iterator[None]:
    try:
        yield
    finally:
        if isinstance(rows, Generator):
            rows.close()
