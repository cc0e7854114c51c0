"""What somebody may know of reminders that were said to others: MAPO's pages of mails, and the preview, ask here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from accounts.models import User
from recommendations.models import Update


class _AboutUpdate(Protocol):
    @property
    def update_id(self) -> int | None: ...


Row = TypeVar("Row", bound=_AboutUpdate)


def within_sight(rows: Iterable[Row], *, user: User) -> list[Row]:
    """Those rows that are about no update above the person's clearance: such a one answers as if it did not exist.

    One query where any row is about an update, else none.
    """
    asked = list(rows)
    numbers = {row.update_id for row in asked if row.update_id is not None}
    updates = (
        Update.objects.order_by().filter(pk__in=numbers).within_clearance(user).with_whole_import_for(user)
    )
    known = set(updates.values_list("pk", flat=True)) if numbers else set()
    return [row for row in asked if row.update_id is None or row.update_id in known]
