"""Steps on a row of a draft that came in with a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.utils.translation import gettext as _

from audit.errors import NotNow
from imports.rows import TableRow

Row = TypeVar("Row", bound=TableRow)


class RowStale(NotNow):
    """A colleague changed this row of a draft first; `current` is the row now, None if it is gone."""

    def __init__(self, current: TableRow | None) -> None:
        super().__init__(
            _(
                "A colleague has saved a newer text of this row. Yours is kept on this page: compare the two and choose."
            )
            if current
            else _("A colleague has replaced this file with another one. Your text is kept on this page.")
        )
        self.current = current


def row_of(rows: Iterable[Row], number: int) -> Row:
    """Return the row with this number. Raises `RowStale` if it is gone."""
    found = next((row for row in rows if row.number == number), None)
    if found is None:
        raise RowStale(None)
    return found
