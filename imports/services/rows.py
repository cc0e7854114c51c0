"""Steps on a row of a draft that came in with a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.utils.translation import gettext as _

from audit.errors import Stale
from imports.rows import TableRow

Row = TypeVar("Row", bound=TableRow)


def stale_row(current: TableRow | None) -> Stale:
    """Return the refusal of a text of a row that a colleague changed first; without `current` the row is gone."""
    newer = _(
        "A colleague has saved a newer text of this row. Yours is kept on this page: compare the two and choose."
    )
    gone = _("A colleague has replaced this file with another one. Your text is kept on this page.")
    return Stale(newer if current else gone, current)


def row_of(rows: Iterable[Row], number: int) -> Row:
    """Return the row with this number. Raises `Stale` if it is gone."""
    found = next((row for row in rows if row.number == number), None)
    if found is None:
        raise stale_row(None)
    return found
