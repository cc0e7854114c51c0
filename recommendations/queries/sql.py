"""What statements that are written by hand share: rights inside them, and their rows; and counting inside a queryset.

Rights are those of querysets, which are asked about the row in hand: the statement calls the table that it looks
through `candidate`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, IntegerField, Model, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from accounts.models import User
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


def sql_of(rows: QuerySet[Any, Any], *columns: str) -> Sql:
    """Return a queryset as SQL for its primary keys, or for these columns, in no order."""
    query = rows.order_by().values(*columns or ("pk",)).query
    # Where the person may see nothing, it is a query without rows, not none at all.
    sql, params = query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()
    return sql, tuple(params)


@dataclass(frozen=True, slots=True)
class ReaderFacts:
    """All that a right may follow from whose SQL is remembered. Asked for anything else of the reader, it raises."""

    role: str
    agency_id: int
    clearance: int

    is_mapo = User.is_mapo
    is_agency_actor = User.is_agency_actor
    is_observer = User.is_observer


@dataclass(frozen=True, slots=True)
class PersonFacts(ReaderFacts):
    """The same, for rights that also follow from who the reader is."""

    pk: int
    is_active: bool


def seen_candidate(
    model: type[Model], user: User, *rights: str, key: str = "pk", is_personal: bool = False
) -> Sql:
    """Return SQL that has a row where the person may see the candidate in hand, a row of `model`.

    `rights` are the methods of its queryset that decide, `visible_to` unless said otherwise; `key` is the column that
    names the candidate. It is built once for the same facts about a reader (ADR 48); `is_personal` where a right follows
    from who the reader is, too. Raises `AttributeError` where a right asks for anything but these facts.
    """
    return remembered_sql(
        _SeenCandidate(model, rights or ("visible_to",), key), user, is_personal=is_personal
    )


def may_see(
    model: type[Model], user: User, *rights: str, column: str = "id", is_personal: bool = False
) -> RawSQL:
    """Return a condition for a queryset over the table of `model`: the person may see its row (`seen_candidate`).

    It names the table by its own name, so it holds in a query and not inside another one. `column` is that of a foreign
    key to the model instead, as "recommendations_submission.update_id".
    """
    seen, values = seen_candidate(model, user, *rights, is_personal=is_personal)
    table, _dot, name = column.rpartition(".")
    key = f"{connection.ops.quote_name(table or model._meta.db_table)}.{connection.ops.quote_name(name)}"
    statement = _MAY_SEE.format(key=key, seen=seen)
    return RawSQL(statement, values, output_field=BooleanField())  # noqa: S611 - Django's own SQL


#: The row in hand goes by the name that the rights ask for.
_MAY_SEE = "EXISTS (SELECT FROM (SELECT {key}) AS candidate(id) WHERE EXISTS ({seen} OFFSET 0))"


def remembered_sql(
    rows_of: Callable[[Any], QuerySet[Any, Any]], user: User, *columns: str, is_personal: bool = False
) -> Sql:
    """Return `sql_of` the rows that `rows_of` returns for the facts about a reader, built once for the same facts.

    `rows_of` is a function of a module: its SQL may follow from nothing but the facts (ADR 48). `is_personal` as for
    `seen_candidate`.
    """
    if is_personal:
        person = PersonFacts(user.role, user.agency_id, user.clearance, user.pk, user.is_active)
        return _sql_by_person(rows_of, columns, person)
    return _sql_by_reader(rows_of, columns, ReaderFacts(user.role, user.agency_id, user.clearance))


@dataclass(frozen=True, slots=True)
class _SeenCandidate:
    """The rows of a model that a reader may see and that are the candidate in hand."""

    model: type[Model]
    rights: tuple[str, ...]
    key: str

    def __call__(self, reader: Any) -> QuerySet[Any, Any]:
        rows: QuerySet[Any] = self.model._default_manager.all()
        for right in self.rights:
            rows = getattr(rows, right)(reader)
        return rows.filter(**{self.key: CANDIDATE})


def _build_sql(
    rows_of: Callable[[Any], QuerySet[Any, Any]], columns: tuple[str, ...], facts: ReaderFacts
) -> Sql:
    return sql_of(rows_of(facts), *columns)


#: There are few kinds of readers and many people: what is personal does not drive out what is not.
_sql_by_reader = lru_cache(maxsize=4_096)(_build_sql)
_sql_by_person = lru_cache(maxsize=4_096)(_build_sql)


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
