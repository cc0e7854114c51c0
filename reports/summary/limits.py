"""How much a PDF may hold: its readers are people."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from reports.errors import TooManyRows
from reports.summary.content import SummaryContent
from reports.summary.rows import ReportedDocument, ReportedUpdate

#: At most so many accepted updates, characters in their texts, and citations of documents: some 300 pages, which take
#: about five seconds and 600 MB to set.
MOST_UPDATES = 1_500
MOST_SIGNS = 1_200_000
MOST_DOCUMENTS = 4_500


def bounded_updates(content: SummaryContent) -> Iterator[ReportedUpdate]:
    """Yield the updates of a content. Raises `TooManyRows` when they, or their texts, are more than people read."""
    signs = 0
    for count, update in enumerate(content.updates(), start=1):
        signs += len(update.narrative)
        if count > MOST_UPDATES or signs > MOST_SIGNS:
            raise TooManyRows(_too_long())
        yield update


def bounded_documents(content: SummaryContent) -> Iterator[ReportedDocument]:
    """Yield the documents of a content. Raises `TooManyRows` when they are more than people read."""
    for count, document in enumerate(content.documents(), start=1):
        if count > MOST_DOCUMENTS:
            raise TooManyRows(_too_long())
        yield document


def bounded_rows(content: SummaryContent) -> Iterator[ReportedDocument]:
    """Read all updates, then yield the documents: what an evidence pack needs. Raises `TooManyRows`."""
    for _update in bounded_updates(content):
        pass
    yield from bounded_documents(content)


def _too_long() -> str:
    return _(
        "This summary would have more than some 300 pages: too many for a paper that people read."
        " Choose the Excel workbook or the CSV table, or narrow the selection."
    )
