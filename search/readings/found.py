"""The shape of every search: what a kind of thing is found by, for whom, and the rows of one page of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Count, F, Func, Model, QuerySet, TextField, Value, Window
from django.db.models.functions import Coalesce

from accounts.models import User
from recommendations.readings.prepared import Prepared
from search.question import Question
from search.readings.excerpts import READ_CHARACTERS

#: Hits are counted up to here. A question that has more is better asked more narrowly, and nobody is told how many.
MOST = 200
#: What stands between needles on their way to the database.
_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a search is narrowed to: one agency's, one cycle's; 0 is all."""

    agency_id: int = 0
    cycle_id: int = 0

    @property
    def values(self) -> dict[str, int]:
        """The numbers that a query takes."""
        chosen = {"agency_id": self.agency_id, "cycle_id": self.cycle_id}
        return {name: value for name, value in chosen.items() if value}


@dataclass(frozen=True, slots=True)
class Found:
    """One page of rows and how many there are in all, counted up to MOST; `has_more` says that there are more."""

    rows: list[Any] = field(default_factory=list)
    count: int = 0
    has_more: bool = False


#: Given the person, the question and what it is narrowed to: querysets of what answers, the newest first by number.
Parts = Callable[..., Sequence[QuerySet[Any, Any]]]


class Kind:
    """One kind of thing that can be found.

    `parts` gives disjoint querysets of word rows that a person may find; their order is by primary key, the newest
    first. `show` makes of the model whose primary keys those are the rows of a page.
    """

    def __init__(self, model: type[Model], *, parts: Parts, show: Callable[..., QuerySet[Any, Any]]) -> None:
        self._model, self._parts, self._show = model, parts, show

    def find(
        self, question: Question, *, user: User, narrowing: Narrowing, start: int = 0, size: int = 20
    ) -> Found:
        """Search: one query, however much there is. `start` is the number of rows before the page's first."""
        values: dict[str, Any] = {"question": question.text, "needles": _BETWEEN.join(question.needles)}
        reading = self._prepared(tuple(narrowing.values), start, size)
        rows = reading.rows(user, **values, **narrowing.values)
        total = rows[0].total if rows else 0
        return Found(rows, min(total, MOST), has_more=total > MOST)

    def queryset(
        self,
        user: User,
        *,
        question: str,
        needles: str = "",
        start: int = 0,
        size: int = 20,
        **narrowing: int,
    ) -> QuerySet[Any, Any]:
        """The search as an ordinary queryset; `find` runs it prepared."""
        found = [
            part.order_by("-pk").values("pk")[: MOST + 1]
            for part in self._parts(user, question=question, **narrowing)
        ]
        if not found:
            return self._model._default_manager.none().values_list("pk")
        numbers = found[0].union(*found[1:], all=True) if len(found) > 1 else found[0]
        rows = self._model._default_manager.filter(pk__in=numbers).annotate(total=Window(Count("pk")))
        return self._show(rows, user=user, needles=needles).order_by("-pk")[start : min(start + size, MOST)]

    @cache  # noqa: B019 - kinds live as long as the process
    def _prepared(self, _narrowed: tuple[str, ...], start: int, size: int) -> Prepared:
        def build(user: User, **values: Any) -> QuerySet[Any, Any]:
            return self.queryset(user, start=start, size=size, **values)

        return Prepared(build)


def around(text: str, needles: str) -> Coalesce:
    """The part of a text column around the first of the needles; empty where there is no text."""
    wanted = Func(Value(needles), Value(_BETWEEN), function="string_to_array")
    room = Value(READ_CHARACTERS)
    excerpt = Func(F(text), wanted, room, function="jejak_excerpt", output_field=TextField())
    return Coalesce(excerpt, Value(""), output_field=TextField())
