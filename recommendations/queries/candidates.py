"""Rights inside a statement that is written by hand: the querysets that decide are asked about the row in hand.

The statement calls the table that it looks through `candidate`. Each queryset is built and put into SQL anew each time.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

#: A piece of SQL and the values of its placeholders.
Sql = tuple[str, tuple[Any, ...]]

#: The primary key of the row in hand, for the querysets that decide about it.
CANDIDATE = RawSQL("candidate.id", ())


def sql_of(rows: QuerySet[Any, Any], *, order: str = "") -> Sql:
    """Return the primary keys of a queryset as SQL, in no order or in this one; no key at all where it is empty."""
    ordered = rows.order_by(order) if order else rows.order_by()
    try:
        sql, params = ordered.values("pk").query.sql_with_params()
    except EmptyResultSet:  # nothing, whatever the row
        return "SELECT NULL::bigint WHERE false", ()
    return sql, tuple(params)
