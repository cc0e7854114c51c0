"""Which words a summary hides: those that its reader may not see, within its ceiling."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from accounts.reading import reader_of
from privacy.reading import reading_as

if TYPE_CHECKING:
    from accounts.models import User
    from reports.models.report import Report


def reading_of(report: Report) -> AbstractContextManager[None]:
    """Hide inside what the reader of a report may not see, within its ceiling."""
    return reading_within(report.reader, report.ceiling)


def reading_within(reader: User, ceiling: int) -> AbstractContextManager[None]:
    """Hide inside what a reader may not see in a summary with this ceiling."""
    return reading_as(reader_of(reader, ceiling=ceiling))
