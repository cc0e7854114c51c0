"""All rows of a summary in memory: PDF and Word state on their first page what is known of the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext as _

from reports.errors import TooManyRows
from reports.summary.statement import Maker, Statement
from ui.numbers import number

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.rows import ReportedDocument, ReportedUpdate

#: Word opens a document of so many rows in reasonable time; beyond it nobody goes on writing in one.
MOST_WORD_ROWS = 20_000

Row = TypeVar("Row", "ReportedUpdate", "ReportedDocument")


@dataclass(frozen=True, slots=True)
class SummaryRows:
    """A content with its statement, and its updates and document citations by the key of their item."""

    content: SummaryContent
    statement: Statement
    updates: dict[str, list[ReportedUpdate]]
    documents: dict[str, list[ReportedDocument]]


def collect_rows(
    content: SummaryContent,
    *,
    maker: Maker,
    updates: Iterable[ReportedUpdate] = (),
    documents: Iterable[ReportedDocument] = (),
) -> SummaryRows:
    """Read all rows of a content and return them.

    `updates` and `documents` are the content's own, within the limits of the format; what is not passed is read and
    dropped. Raises what they raise.
    """
    updates_by_item: dict[str, list[ReportedUpdate]] = defaultdict(list)
    documents_by_item: dict[str, list[ReportedDocument]] = defaultdict(list)
    for update in updates:
        updates_by_item[update.item].append(update)
    for document in documents:
        documents_by_item[document.item].append(document)
    statement = Statement.of(content.selection, maker, content.finish())
    return SummaryRows(content, statement, updates_by_item, documents_by_item)


def read_word_rows(content: SummaryContent, *, maker: Maker) -> SummaryRows:
    """Read all rows of a content for a Word document. Raises `TooManyRows` where Word could not hold them."""
    updates, documents = _bounded(content, content.updates), _bounded(content, content.documents)
    return collect_rows(content, maker=maker, updates=updates, documents=documents)


def _bounded(content: SummaryContent, read: Callable[[], Iterator[Row]]) -> Iterator[Row]:
    """Yield the rows as long as those read so far are not too many for Word."""
    for row in read():
        if content.tally.rows_count > MOST_WORD_ROWS:
            raise TooManyRows(
                _("A Word document holds up to %(count)s rows. Choose fewer items, or an Excel workbook.")
                % {"count": number(MOST_WORD_ROWS)}
            )
        yield row
