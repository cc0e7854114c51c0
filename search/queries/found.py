"""The shape of every search: what a kind of thing is found by, for whom, and the rows of one page of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.db.models import Count, F, Func, Model, QuerySet, TextField, Value, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from accounts.models import User
from search.queries.excerpts import READ_CHARACTERS
from search.question import Question

#: Hits are counted up to here. A question that has more is better asked more narrowly, and nobody is told how many.
MOST = 100
#: Of a kind that is not the one asked for, hits are counted up to here: enough to see that there are many.
GLIMPSE_MOST = 10
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
    """One page of rows and how many there are in all, counted up to a limit; `has_more` says that there are more."""

    rows: list[Any] = field(default_factory=list)
    count: int = 0
    has_more: bool = False


#: The primary key of what is just being looked at, for the querysets of `Reach.seen`.
CANDIDATE = RawSQL("candidate.pk", ())


@dataclass(frozen=True, slots=True)
class Reach:
    """What of a kind answers a question, and who may see it.

    The primary keys of `words` are those of what answers; it may leave out what the person can never see, so that most
    is passed over early. `seen` are the querysets that decide, each of them about the one `CANDIDATE` in hand:
    what answers counts when one of them has a row. (Where rights are cheap and words are not, the two change places.)
    """

    words: QuerySet[Any]
    seen: Sequence[QuerySet[Any]] = ()

    def newest(self, most: int) -> RawSQL:
        """The primary keys of the newest, one more than are counted.

        Candidates come in order, and rights are asked of one after another until there are enough: without OFFSET 0
        PostgreSQL would gather everything that the person may see first, and be done late.
        """
        words, params = _sql(self.words.order_by("-pk").values("pk"))
        rights = [_sql(rows.order_by().values("pk")) for rows in self.seen]
        condition = " OR ".join(f"EXISTS ({text} OFFSET 0)" for text, _values in rights) or "true"
        statement = f"""
            SELECT candidate.pk FROM ({words} OFFSET 0) AS candidate (pk)
            WHERE {condition} ORDER BY candidate.pk DESC LIMIT {most + 1}
        """  # noqa: S608 - Django's own SQL; values are parameters
        return RawSQL(statement, (*params, *chain.from_iterable(values for _text, values in rights)))  # noqa: S611 - as above


def _sql(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    sql, params = rows.query.sql_with_params()
    return sql, tuple(params)


class Kind:
    """One kind of thing that can be found.

    `reach` is given the person, the question and what it is narrowed to; `show` makes of rows of the model the columns
    of a page. The order is by primary key, the newest first.
    """

    def __init__(
        self,
        model: type[Model],
        *,
        reach: Callable[..., Reach | None],
        show: Callable[..., QuerySet[Any, Any]],
    ) -> None:
        self._model, self._reach, self._show = model, reach, show

    def find(
        self,
        question: Question,
        *,
        user: User,
        narrowing: Narrowing,
        start: int = 0,
        size: int = 20,
        most: int = MOST,
    ) -> Found:
        """Search: one query, however much there is. `start` is the number of rows before the page's first.

        Counts up to `most`.
        """
        needles = _BETWEEN.join(question.needles)
        found = self.queryset(
            user,
            question=question.text,
            needles=needles,
            start=start,
            size=size,
            most=most,
            **narrowing.values,
        )
        rows = list(found)
        total = rows[0].total if rows else 0
        return Found(rows, min(total, most), has_more=total > most)

    def queryset(
        self,
        user: User,
        *,
        question: str,
        needles: str = "",
        start: int = 0,
        size: int = 20,
        most: int = MOST,
        **narrowing: int,
    ) -> QuerySet[Any, Any]:
        """The search as a queryset: one page of rows, each with `total`."""
        every = self._model._default_manager
        reach = self._reach(user, question=question, **narrowing)
        if reach is None:
            return every.none()
        rows = every.filter(pk__in=reach.newest(most)).annotate(total=Window(Count("pk")))
        return self._show(rows, needles=needles).order_by("-pk")[start : min(start + size, most)]


def around(text: str, needles: str) -> Coalesce:
    """The part of a text column around the first of the needles; empty where there is no text."""
    wanted = Func(Value(needles), Value(_BETWEEN), function="string_to_array")
    room = Value(READ_CHARACTERS)
    excerpt = Func(F(text), wanted, room, function="jejak_excerpt", output_field=TextField())
    return Coalesce(excerpt, Value(""), output_field=TextField())
