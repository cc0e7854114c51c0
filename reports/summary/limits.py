"""How much a PDF and a Word document may hold, since their readers are people, and all their rows in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.errors import TooManyRows
from reports.summary.figure_sheets import FigureSheets, read_figure_sheets
from reports.summary.statement import Maker, Statement
from ui.numbers import number

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.rows import ReportedDocument, ReportedUpdate

#: At most so many accepted updates, characters in their texts, and citations of documents: some 300 pages, which take
#: about five seconds and 600 MB to set.
MOST_UPDATES = 1_500
MOST_SIGNS = 1_200_000
MOST_DOCUMENTS = 4_500
#: Word opens a document of so many rows in reasonable time; beyond it nobody goes on writing in one.
MOST_WORD_ROWS = 20_000

_TOO_LONG = gettext_lazy(
    "This summary would have more than about 300 pages, too many to read on paper. Choose the "
    "Excel workbook or the CSV table, or use filters."
)

Row = TypeVar("Row", "ReportedUpdate", "ReportedDocument")


@dataclass(frozen=True, slots=True)
class SummaryRows:
    """A content with its statement, its updates and document citations by the key of their item, and its figures.

    PDF and Word need all rows in memory: they state on their first page what is known of the whole.
    """

    content: SummaryContent
    statement: Statement
    updates: dict[str, list[ReportedUpdate]]
    documents: dict[str, list[ReportedDocument]]
    figures: FigureSheets


def read_word_rows(content: SummaryContent, *, maker: Maker) -> SummaryRows:
    """Read all rows of a content for a Word document. Raises `TooManyRows` where Word could not hold them."""
    updates, documents = _word_rows(content, content.updates), _word_rows(content, content.documents)
    return collect_rows(content, maker, updates, documents)


def collect_rows(
    content: SummaryContent,
    maker: Maker,
    updates: Iterable[ReportedUpdate] = (),
    documents: Iterable[ReportedDocument] = (),
) -> SummaryRows:
    """Return these rows of a content by item, with the statement; what is not passed is read and dropped."""
    updates_by_item: dict[str, list[ReportedUpdate]] = defaultdict(list)
    documents_by_item: dict[str, list[ReportedDocument]] = defaultdict(list)
    for update in updates:
        updates_by_item[update.item].append(update)
    for document in documents:
        documents_by_item[document.item].append(document)
    figures = read_figure_sheets(content)
    statement = Statement.of(content.selection, maker, content.finish())
    return SummaryRows(content, statement, updates_by_item, documents_by_item, figures)


def bounded_updates(content: SummaryContent) -> Iterator[ReportedUpdate]:
    """Yield the updates of a content. Raises `TooManyRows` when they, or their texts, are more than people read."""
    signs = 0
    for count, update in enumerate(content.updates(), start=1):
        signs += len(update.narrative)
        if count > MOST_UPDATES or signs > MOST_SIGNS:
            raise TooManyRows(_TOO_LONG)
        yield update


def bounded_documents(content: SummaryContent) -> Iterator[ReportedDocument]:
    """Yield the documents of a content. Raises `TooManyRows` when they are more than people read."""
    for count, document in enumerate(content.documents(), start=1):
        if count > MOST_DOCUMENTS:
            raise TooManyRows(_TOO_LONG)
        yield document


def bounded_rows(content: SummaryContent) -> Iterator[ReportedDocument]:
    """Read all updates, then yield the documents: what an evidence pack needs. Raises `TooManyRows`."""
    for _update in bounded_updates(content):
        pass
    yield from bounded_documents(content)


def _word_rows(content: SummaryContent, read: Callable[[], Iterator[Row]]) -> Iterator[Row]:
    """Yield the rows as long as those read so far are not too many for Word."""
    for row in read():
        if content.tally.rows_count > MOST_WORD_ROWS:
            raise TooManyRows(
                _("A Word document can have up to %(count)s rows. Choose fewer items, or an Excel workbook.")
                % {"count": number(MOST_WORD_ROWS)}
            )
        yield row
