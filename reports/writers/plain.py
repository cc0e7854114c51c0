"""What the writers for programs share: days and instants as ISO 8601, and rows counted while they pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from audit.clock import KUALA_LUMPUR
from reports.writers import Progress

Row = TypeVar("Row")

#: How many rows pass between two words of progress.
STRIDE = 1_000


def instant(moment: datetime) -> str:
    """2023-08-01T10:00:00.123456+08:00: to the microsecond as it is kept, in the time of Kuala Lumpur."""
    return moment.astimezone(KUALA_LUMPUR).isoformat()


class Counted:
    """Counts the rows of all parts of a content as they are written, and tells so now and then."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._count = 0

    def each(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The same rows; whoever makes the paper may stop it between two of them."""
        for row in rows:
            self._count += 1
            if self._count % STRIDE == 0:
                self._progress(self._count)
            yield row

    def through(self, act: Callable[[Row], object], rows: Iterable[Row]) -> None:
        """Do something with each of the rows."""
        for row in self.each(rows):
            act(row)
