"""Readings that are built once a process.

To build a query costs more than to answer it, and the pages that everybody opens all day build the same ones again
and again. Here a query is built by the ordinary rules (`visible_to` and the rest) for a stand-in reader of each role,
kept as SQL, and run with the real values where the stand-ins were.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.query import get_related_populators

from accounts.models import User

#: Where stand-ins begin: no identifier of ours comes near, and each kind still fits its column.
_FIRST_NUMBER, _FIRST_CLASS = 2_000_000_000, 32_000
#: Lists are filled up to a multiple of this, so that a few lengths of SQL serve all.
_LIST_STEP = 16


class _Plan:
    """The SQL of one query, with stand-ins among its parameters."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self._compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, self._params = self._compiler.as_sql()
        is_named = bool(rows.query.values_select or rows.query.selected)
        self._made = self._named(rows) if is_named else self._instances()

    def _named(self, rows: QuerySet[Any, Any]) -> Callable[[Any], Any]:
        """How a row becomes a named tuple."""
        names = list(rows.query.selected or [*rows.query.values_select, *rows.query.annotation_select])
        row = namedtuple("Row", [name.replace("__", "_") for name in names])  # type: ignore[misc]  # made of names
        return lambda values: row(*values)

    def _instances(self) -> Callable[[Any], Any]:
        """How a row becomes an instance of the model, with what it selects related and annotates."""
        compiler = self._compiler
        columns = compiler.klass_info["select_fields"]
        chosen = slice(columns[0], columns[-1] + 1)
        fields = [column[0].target.attname for column in compiler.select[chosen]]
        related = get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # the stubs are of a later Django

        def made(values: Any) -> Any:
            thing = compiler.klass_info["model"].from_db(DEFAULT_DB_ALIAS, fields, values[chosen])
            for each in related:
                each.populate(values, thing)
            for name, place in compiler.annotation_col_map.items():
                setattr(thing, name, values[place])
            return thing

        return made

    def run(self, values: dict[int | str, Any]) -> list[Any]:
        params = [
            values.get(param, param) if isinstance(param, int | str) else param for param in self._params
        ]
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(self._sql, params)
            found = cursor.fetchall()
        return [self._made(row) for row in self._compiler.results_iter([found], tuple_expected=True)]


class Prepared:
    """A reading for a person and some numbers and texts: of named columns, or of instances.

    `build` takes the person and the values by name (a list of numbers where a list is passed) and returns a queryset,
    or `values_list` of one. It may look at the person's role, but must put every other fact into the query as
    it is: it never sees the real ones. Columns come as named tuples; `a__b` is named `a_b`.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._plans: dict[Any, _Plan | None] = {}

    def rows(self, user: User, **values: int | str | Iterable[int]) -> list[Any]:
        """Run the reading. An empty list of numbers finds nothing."""
        filled = {name: _filled(value) for name, value in values.items()}
        if any(value == [] for value in filled.values()):
            return []
        key = (user.role, *(len(value) if isinstance(value, list) else 0 for value in filled.values()))
        if key not in self._plans:
            self._plans[key] = self._plan(user.role, filled)
        plan = self._plans[key]
        return plan.run(_replacements(user, filled)) if plan else []

    def queryset(self, user: User, **values: Any) -> QuerySet[Any, Any]:
        """The ordinary queryset, built now: for what is rarely asked, and to prove that both answer alike."""
        return self._build(user, **values)

    def _plan(self, role: str, filled: dict[str, Any]) -> _Plan | None:
        stand_ins = iter(_stand_ins())
        reader = User(
            pk=next(stand_ins), agency_id=next(stand_ins), role=role, clearance=_FIRST_CLASS, is_active=True
        )
        try:
            return _Plan(
                self._build(reader, **{name: _stand_in(value, stand_ins) for name, value in filled.items()})
            )
        except EmptyResultSet:
            return None


def _stand_ins() -> Iterator[int]:
    return count(_FIRST_NUMBER)


def _stand_in(value: Any, stand_ins: Iterator[int]) -> Any:
    """What takes the place of a value while a query is built: of a text a text that nobody writes."""
    if isinstance(value, list):
        return [next(stand_ins) for _each in value]
    return f"\x01{next(stand_ins)}" if isinstance(value, str) else next(stand_ins)


def _replacements(user: User, filled: dict[str, Any]) -> dict[int | str, Any]:
    """Each stand-in with the value that takes its place, in the order in which `_plan` dealt them out."""
    stand_ins = iter(_stand_ins())
    found: dict[int | str, Any] = {
        _FIRST_CLASS: user.clearance, next(stand_ins): user.pk, next(stand_ins): user.agency_id
    }  # fmt: skip
    for value in filled.values():
        place = _stand_in(value, stand_ins)
        found |= dict(zip(place, value, strict=True)) if isinstance(value, list) else {place: value}
    return found


def _filled(value: int | str | Iterable[int]) -> int | str | list[int]:
    """A list filled up with its own first number, so that its length is one of few."""
    if isinstance(value, int | str):
        return value
    numbers = sorted(set(value))
    return numbers + numbers[:1] * (-len(numbers) % _LIST_STEP)
