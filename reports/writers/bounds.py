"""How much a paper for people may hold, and rows that are watched while they are taken. Loads no writer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from django.utils.translation import gettext as _

from reports.content import ReportedDocument, ReportedUpdate
from reports.errors import TooMuch
from reports.writers import Progress

#: A paper for people holds at most so many accepted updates, signs in their texts, and citations of documents: some
#: 300 pages, which take about five seconds and 600 MB to set.
MOST_UPDATES = 1_500
MOST_SIGNS = 1_200_000
MOST_DOCUMENTS = 4_500

Row = TypeVar("Row", ReportedUpdate, ReportedDocument)


def watched(rows: Iterator[Row], progress: Progress) -> Iterator[Row]:
    """The rows, with word of every hundredth."""
    for count, row in enumerate(rows, start=1):
        if count % 100 == 0:
            progress(count)
        yield row


def bounded(rows: Iterator[Row], most: int) -> Iterator[Row]:
    """The rows, as long as they are no more, and their texts no longer, than people read on paper."""
    signs = 0
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
