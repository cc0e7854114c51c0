"""What of reminders is above somebody's clearance."""

from collections.abc import Iterable
from typing import Any, TypeVar

from accounts.models import User
from recommendations.models import Update

Row = TypeVar("Row", bound=Any)


def within_clearance(rows: Iterable[Row], *, user: User) -> list[Row]:
    """Return the rows that are about no update above the user's clearance.

    `rows` have an `update_id`. One query if any of them is about an update, else none.
    """
    asked = list(rows)
    ids = {row.update_id for row in asked if row.update_id is not None}
    if not ids:
        return asked
    updates = Update.objects.order_by().filter(pk__in=ids).within_clearance(user).with_whole_import_for(user)
    known = {None, *updates.values_list("pk", flat=True)}
    return [row for row in asked if row.update_id in known]
