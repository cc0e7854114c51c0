"""How every search works: a kind of thing is matched by words, limited by rights, and read one page at a time.

Words and columns concern everybody alike and are plain SQL. Who may see what is asked of the querysets that decide it,
built anew for each search ([ADR 11](../../docs/adr/0011-search-by-postgresql-in-two-languages.md)).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from accounts.models import User
from privacy.reading import current_reader, hides_anything
from recommendations.models import Update
from recommendations.queries.sql import CANDIDATE, Sql, fetch_rows, sql_of
from search.question import Question

#: Hits are counted up to this number. Beyond it, people do better to narrow the question than to learn the count.
MOST = 100
#: The same limit for a kind of which the page shows only the first hits.
PREVIEW_MOST = 10


#: Characters that are read of each text: more than an excerpt shows, to choose from.
READ_CHARACTERS = 500

#: A limit that nothing reaches: PostgreSQL then also weighs plans that begin to answer soon.
_NO_LIMIT = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The agency and the cycle to which a search is narrowed, by primary key; 0 stands for all."""

    agency_id: int = 0
    cycle_id: int = 0

    @property
    def values(self) -> dict[str, int]:
        """The chosen ones, by name."""
        chosen = {"agency_id": self.agency_id, "cycle_id": self.cycle_id}
        return {name: value for name, value in chosen.items() if value}


@dataclass(frozen=True, slots=True)
class Found:
    """One page of rows and how many there are in all, counted up to a limit; `has_more` says that there are more."""

    rows: list[Any] = field(default_factory=list)
    count: int = 0
    has_more: bool = False


@dataclass(frozen=True)
class Searcher:
    """Who searches; what several kinds ask of their rights is put into SQL once a search."""

    user: User

    @cached_property
    def sees_update(self) -> Sql:
        """Whether the person may open the update `candidate.id` in full, as a query that has a row if so."""
        return sql_of(Update.objects.visible_to(self.user).filter(pk=CANDIDATE))


@dataclass(frozen=True, slots=True)
class Matches:
    """The rows of a kind that answer a question, and the rights to see them.

    `words` gives the primary keys of what answers, the newest first; it may leave out what the person can never see, so
    that most is passed over early. `seen` are conditions on the one candidate in hand, most of them querysets that
    decide: what answers counts when one of them holds. (Where rights are cheap and words are not, the two
    change places.)
    """

    words: Sql
    seen: Sequence[Sql]
    #: Conditions on the candidate that must all hold.
    limits: Sequence[Sql] = ()

    def newest(self, most: int) -> Sql:
        """Return SQL for the primary keys of the newest visible rows, at most `most` + 1.

        Candidates come in order, and rights are asked of one after another until there are enough: without a limit of
        their own PostgreSQL would gather everything that answers, or that the person may see, first, and be done late.
        What limits is asked only of what the person may see.
        """
        words, params = self.words
        condition = " OR ".join(f"EXISTS ({text} OFFSET 0)" for text, _values in self.seen)
        if self.limits:
            limits = " AND ".join(text for text, _values in self.limits)
            condition = f"CASE WHEN {condition} THEN {limits} ELSE false END"
        statement = f"""
            SELECT candidate.id FROM ({words} LIMIT {_NO_LIMIT}) AS candidate (id)
            WHERE {condition} ORDER BY candidate.id DESC LIMIT {most + 1}
        """  # noqa: S608 - Django's own SQL and ours; values are parameters
        asked = (*self.seen, *self.limits)
        return statement, (*params, *chain.from_iterable(values for _text, values in asked))


def answering(table: str, key: str, question: str, conditions: Sequence[tuple[str, object]] = ()) -> Sql:
    """Return the keys of the rows of a table of words that answer a question, the newest first.

    `conditions` are further ones, each with the value of its placeholder.
    """
    texts = [_ANSWERS, *(text for text, _value in conditions)]
    values = (question, question, *(value for _text, value in conditions))
    statement = f"SELECT {key} FROM {table} WHERE {' AND '.join(texts)} ORDER BY {key} DESC"  # noqa: S608 - our own words
    return statement, values


#: A row answers by all of its words, or for who may not see some of them by the others alone: whatever is asked, "without"
#: too, the answer says nothing of a hidden word (ADR 11).
_READS_WHOLE = "($READER_SEES_ALL OR coalesce($READER_AGENCY = ANY (readers), false))"
_ANSWERS = f"""(words @@ jejak_query(%s) AND (shown_words IS NULL OR {_READS_WHOLE})
    OR shown_words @@ jejak_query(%s) AND NOT {_READS_WHOLE})"""

#: Somebody marks a text while another one writes it, and neither sees the other: such a row answers nothing to who might not
#: see all, until its text is marked again or words are made anew.
_KNOWS_ITS_MARKS = """
    NOT EXISTS (SELECT FROM {table} WHERE {key} = candidate.id AND marks IS DISTINCT FROM (
        SELECT count(*) FROM privacy_identitymark WHERE sha256 = ANY (texts)))"""


def knows_its_marks(table: str, key: str) -> list[Sql]:
    """Return the limit that the words in hand were made with the marks of today; none where nothing is hidden from the reader."""
    return [(_KNOWS_ITS_MARKS.format(table=table, key=key), ())] if hides_anything() else []


class SearchKind:
    """One kind of thing that can be found.

    `reach` is given who searches, the question and what it is narrowed to. `row` is the named tuple of a row of the page:
    pk, total, and then the `columns` of `tables`, joined so that each candidate has one row; `found.id` is its key.
    The order is by primary key, the newest first.
    """

    def __init__(
        self,
        row: type[Any],
        *,
        reach: Callable[..., Matches | None],
        columns: str,
        tables: str,
    ) -> None:
        self.reach, self._row, self._columns, self._tables = reach, row, columns, tables

    def find(
        self,
        question: Question,
        *,
        searcher: Searcher,
        narrowing: Narrowing,
        start: int = 0,
        size: int = 20,
        most: int = MOST,
    ) -> Found:
        """Search with one query. `start` is the number of rows before the page's first.

        Counts up to `most`.
        """
        reach = self.reach(searcher, question=question.text, **narrowing.values)
        if reach is None:
            return Found()
        sql, params = self.statement(reach, needles=question.needles, start=start, size=size, most=most)
        rows = [self._row(*row) for row in fetch_rows(sql, params)]
        total = rows[0].total if rows else 0
        return Found(rows, min(total, most), has_more=total > most)

    def statement(
        self, reach: Matches, *, needles: Sequence[str], start: int = 0, size: int = 20, most: int = MOST
    ) -> Sql:
        """Return the search: one page of rows, each with `total`."""
        newest, params = reach.newest(most)
        last = min(start + size, most)
        statement = f"""
            SELECT found.id, found.total, {self._columns}
            FROM (SELECT id, count(*) OVER () AS total FROM ({newest}) AS newest
                  ORDER BY id DESC OFFSET {start} LIMIT {max(last - start, 0)}) AS found
            {self._tables}
            ORDER BY found.id DESC
        """  # noqa: S608 - Django's own SQL and ours; values are parameters
        shown = [list(needles)] * self._columns.count("%s")
        return for_reader(statement), (*shown, *params)


def shown_to_reader(column: str) -> str:
    """Return SQL for a text as whoever reads may see it (`for_reader`)."""
    return f"jejak_shown({column}, $READER_AGENCY, $READER_SEES_ALL)"


def for_reader(statement: str) -> str:
    """Return a statement with the reader's own rights in the place of their names."""
    reader = current_reader()
    agency = "NULL" if reader.agency_id is None else str(int(reader.agency_id))
    named = statement.replace("$READER_AGENCY", agency)
    return named.replace("$READER_SEES_ALL", "true" if reader.sees_all else "false")


def excerpt_of(column: str) -> str:
    """Return SQL for the part of a text column around the first of the needles; empty where there is no text.

    `OFFSET 0` has the text looked at for marks once, and not at each place that asks for it.
    """
    return f"""(SELECT coalesce(substr(shown, greatest(place - {READ_CHARACTERS // 2}, 1), {READ_CHARACTERS}), '')
        FROM (SELECT {shown_to_reader(column)} AS shown OFFSET 0) text LEFT JOIN LATERAL (
            SELECT strpos(lower(shown), needle) AS place FROM unnest(%s::text[]) WITH ORDINALITY AS needles (needle, turn)
            WHERE strpos(lower(shown), needle) > 0 ORDER BY turn LIMIT 1) AS first ON true)"""  # noqa: S608 - our own words
