"""The summary as a PDF: set by Typst, tagged as PDF/UA-1, with its faces inside.

What people typed goes in as data and is never read as markup. The same content and maker give the same bytes.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from django.utils.translation import pgettext_lazy

from reports.summary.content import SummaryContent
from reports.summary.limits import bounded_documents, bounded_updates
from reports.summary.statement import Maker
from reports.writers.pdf import items, parts, tables
from reports.writers.pdf.setting import set_paper
from reports.writers.pdf.voice import Voice

TITLE = pgettext_lazy("paper", "Progress summary")


def write(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
    """Write the summary of a content; takes all its rows first, since class and fingerprint stand on the cover.

    Raises `TooManyRows` where people would not read so much. Setting itself is one step that cannot be cancelled: about
    three milliseconds for each update.
    """
    target.write(set_paper("summary.typ", summary_data(content, maker=maker), maker.made_at))


def summary_data(content: SummaryContent, *, maker: Maker) -> dict[str, Any]:
    """Everything that stands in the summary, in the order in which the typesetter asks for it."""
    voice = Voice(content.selection.language.value)
    updates = items.gather_updates(bounded_updates(content), voice, content)
    documents = items.gather_documents(bounded_documents(content), voice, content)
    gathered = parts.Gathered.of(content, maker)
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
