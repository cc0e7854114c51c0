"""Everything that a paper for people holds, read before the first line is written: the cover tells of the whole."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from reports.errors import TooManyRows
from reports.summary.content import SummaryContent
from reports.summary.rows import ReportedDocument, ReportedUpdate
from reports.summary.statement import Maker, Statement
from ui.numbers import number

#: Word opens a document of so many rows in reasonable time; beyond it nobody goes on writing in one.
MOST_ROWS = 20_000


@dataclass
class Gathered:
    """A content with what it says of itself, its updates and its documents by the key of their item."""

    content: SummaryContent
    statement: Statement
    updates: dict[str, list[ReportedUpdate]] = field(default_factory=dict)
    documents: dict[str, list[ReportedDocument]] = field(default_factory=dict)


def gather(content: SummaryContent, *, maker: Maker) -> Gathered:
    """Take all rows of a content. Raises `TooManyRows` where Word could not hold them."""
    updates: dict[str, list[ReportedUpdate]] = defaultdict(list)
    documents: dict[str, list[ReportedDocument]] = defaultdict(list)
    for update in content.updates():
        updates[update.item].append(update)
        _demand_room(content)
    for document in content.documents():
        documents[document.item].append(document)
        _demand_room(content)
    tally = content.finish()
    return Gathered(content, Statement.of(content.selection, maker, tally), updates, documents)


def _demand_room(content: SummaryContent) -> None:
    count = content.tally.rows_count
    if count > MOST_ROWS:
        words = {"count": number(MOST_ROWS)}
        raise TooManyRows(
            _("A Word document holds up to %(count)s rows. Choose fewer items, or an Excel workbook.") % words
        )
