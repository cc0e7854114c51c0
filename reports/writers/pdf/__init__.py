"""The summary as a PDF: set by Typst, tagged as PDF/UA-1, with its faces inside.

What people typed goes in as data and is never read as markup. The same content and maker give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from ui.numbers import number

#: A paper for people holds so many accepted updates, and so many citations of documents, at most.
MOST_UPDATES = 3_000
MOST_DOCUMENTS = 9_000
TITLE = pgettext_lazy("paper", "Progress summary")

Row = TypeVar("Row", ReportedUpdate, ReportedDocument)


def write(content: Content, target: BinaryIO, *, maker: Maker, progress: Progress) -> None:
    """Write the summary of a content; takes all its rows first, since class and fingerprint stand on the cover.

    Raises `TooMuch` above `MOST_UPDATES` updates or `MOST_DOCUMENTS` documents. Setting itself is one step that
    cannot be cancelled: about two milliseconds for each update.
    """
    target.write(
        set_paper("summary.typ", summary_data(content, maker=maker, progress=progress), maker.made_at)
    )


def summary_data(content: Content, *, maker: Maker, progress: Progress) -> dict[str, Any]:
    """Everything that stands in the summary, in the order in which the typesetter asks for it."""
    voice = Voice(content.selection.language.value)
    updates = items.gather_updates(watched(content.updates(), MOST_UPDATES, progress), voice, content)
    documents = items.gather_documents(watched(content.documents(), MOST_DOCUMENTS, progress), voice, content)
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


def watched(rows: Iterator[Row], most: int, progress: Progress) -> Iterator[Row]:
    """The rows, with word of every hundredth; refuses more than fit on paper."""
    for count, row in enumerate(rows, start=1):
        if count > most:
            raise TooMuch(
                _(
                    "This summary holds more than %(most)s updates or documents: too many for a paper that people"
                    " read. Choose the Excel workbook or the CSV table, or narrow the selection."
                )
                % {"most": number(most)}
            )
        if count % 100 == 0:
            progress(count)
        yield row
