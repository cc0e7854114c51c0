"""The summary as a PDF: set by Typst, tagged as PDF/UA-1, with its faces inside.

What people typed goes in as data and is never read as markup. The same content and maker give the same bytes.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from django.utils.translation import pgettext_lazy

from reports.content import Content
from reports.statement import Maker
from reports.writers import Progress, bounds
from reports.writers.bounds import bounded, watched
from reports.writers.pdf import items, parts, tables
from reports.writers.pdf.setting import set_paper
from reports.writers.pdf.voice import Voice

TITLE = pgettext_lazy("paper", "Progress summary")


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
        bounded(watched(content.updates(), progress), bounds.MOST_UPDATES), voice, content
    )
    documents = items.gather_documents(
        bounded(watched(content.documents(), progress), bounds.MOST_DOCUMENTS), voice, content
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
        "returned": tables.returned(gathered),
        "agencies": tables.agency_names(gathered),
        "how": tables.how_to_read(gathered),
        "items": items.pages(gathered, updates, documents),
    }
