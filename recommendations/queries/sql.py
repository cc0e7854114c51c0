"""What statements that are written by hand share: rights inside them, and their rows; and counting inside a queryset.

Rights are those of querysets, which are asked about the row in hand: the statement calls the table that it looks
through `candidate`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import IntegerField, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from audit.guarded_text import shown
from privacy.reading import hides_anything

#: A piece of SQL and the values of its placeholders.
Sql = tuple[str, tuple[Any, ...]]

#: Who set the `override` in hand, by the name that they had then: its first Event says it.
OVERRIDE_SET_BY = """
(SELECT event.actor_name FROM audit_event event
 WHERE event.object_type = 'recommendations.ItemOverride' AND event.object_id = override.id::text
 ORDER BY event.id LIMIT 1)"""

#: The primary key of the row in hand, for the querysets that decide about it.
CANDIDATE = RawSQL("candidate.id", ())


def read_statement(module: str, name: str) -> str:
    """Return a statement that is a file of its own beside a module: `read_statement(__file__, "turns")` for `turns.sql`.

    Whole lines of comments are left out: they may hold a "%".
    """
    text = Path(module).with_name(f"{name}.sql").read_text(encoding="utf-8")
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("--"))


def sql_of(rows: QuerySet[Any, Any], *columns: str) -> Sql:
    """Return a queryset as SQL for its primary keys, or for these columns, in no order."""
    query = rows.order_by().values(*columns or ("pk",)).query
    # Where the person may see nothing, it is a query without rows, not none at all.
    sql, params = query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()
    return sql, tuple(params)


def fetch_rows(statement: str, values: Any) -> list[Any]:
    """Return all rows of a statement, a tuple each, with their texts as whoever reads now may see them (one query)."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[Any] = cursor.fetchall()
    return [tuple(map(shown, row)) for row in rows] if hides_anything() else rows


class RowCount(Subquery):
    """How many rows a queryset has, which may point to the outer query."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
