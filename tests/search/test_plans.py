"""The hot searches use their indexes: whatever the planner thinks of little tables, it can."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from recommendations.queries.sql import fetch_rows
from search.queries.found import Matches, Searcher, SearchKind, excerpt_of, for_reader
from search.queries.others import COMMENTS, DOCUMENTS, ITEMS
from search.queries.updates import SENT, UNSENT
from tests.audit.conftest import Owner, owner
from tests.search.conftest import Library

__all__ = ["owner"]

pytestmark = pytest.mark.django_db

GIN = {
    "items": (ITEMS, "search_item_words"),
    "updates": (SENT, "search_narrative_words"),
    "comments": (COMMENTS, "search_comment_words"),
    "documents": (DOCUMENTS, "search_document_words"),
}


def plan_of(
    kind: SearchKind, library: Library, who: str, question: str = "kerapu", *, walks: bool = True
) -> str:
    """The plan of a search on tables that cannot be read from end to end, nor walked along a key unless said."""
    reach = kind.reach(Searcher(library.person(who)), question=question)
    assert reach is not None
    sql, params = kind.statement(reach, needles=[question])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"SET LOCAL enable_indexscan = {walks}")
        cursor.execute(f"EXPLAIN {sql}", params)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize("who", ["officer", "reviewer"])
@pytest.mark.parametrize("name", GIN)
def test_search_uses_the_index_of_words(library: Library, name: str, who: str) -> None:
    kind, index = GIN[name]
    plan = plan_of(kind, library, who, walks=False)
    assert f"Bitmap Index Scan on {index}" in plan


@pytest.mark.parametrize("who", ["officer", "reviewer", "observer"])
def test_rights_are_asked_row_by_row(library: Library, who: str) -> None:
    """Never of everything that a person may see: candidate by candidate, and no table is read from end to end."""
    plan = plan_of(SENT, library, who)
    assert re.search(r"Subquery Scan on candidate.*\n +Filter: \(?EXISTS\(SubPlan", plan)
    rights = plan[plan.index("SubPlan") :]
    for table in ("submission", "update", "review", "citation", "submissiondocument"):
        assert not re.search(rf"Seq Scan on recommendations_{table}\b", rights)
    assert "Seq Scan on evidence_document" not in rights


def test_drafts_are_found_by_the_open_ones(library: Library) -> None:
    """The words of a draft are made on the way: only of those that are open."""
    plan = plan_of(UNSENT, library, "officer", "belantara")
    assert "Seq Scan on recommendations_update" not in plan


def test_what_answers_is_not_gathered_when_only_the_newest_are_read() -> None:
    """Even where reading everything and sorting it would take less time than walking along the key to its end."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE scattered (id bigint PRIMARY KEY, more text) ON COMMIT DROP")
        cursor.execute(
            "INSERT INTO scattered SELECT id, repeat('m', 900) FROM generate_series(1, 9000) id ORDER BY md5(id::text)"
        )
        cursor.execute("ANALYZE scattered")
        words = ("SELECT id FROM scattered WHERE more <> '' ORDER BY id DESC", ())
        sql, params = Matches(words, [("SELECT WHERE candidate.id > 0", ())]).newest(10)
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan Backward using scattered_pkey" in plan
    assert "Sort" not in plan


def test_hidden_words_are_asked_for_only_where_the_person_may_read(library: Library) -> None:
    """Looking a text up among the marks takes longer than a right; asked of anything else, this would divide by zero."""
    may_read = library.accepted.submission_id
    matches = Matches(
        ("SELECT id FROM recommendations_submission ORDER BY id DESC", ()),
        [
            (
                "SELECT FROM recommendations_submission own WHERE own.id = candidate.id AND own.id = %s",
                (may_read,),
            )
        ],
        limits=[("1 / (candidate.id = %s)::int = 1", (may_read,))],
    )
    assert fetch_rows(*matches.newest(10)) == [(may_read,)]


COUNTING = """
CREATE SEQUENCE looked MINVALUE 0 START 0;
CREATE OR REPLACE FUNCTION jejak_shown(given text, reader_agency bigint, sees_all boolean) RETURNS text
LANGUAGE plpgsql STABLE AS $$ BEGIN PERFORM nextval('looked'); RETURN given; END $$;
"""


@pytest.mark.parametrize("needles", [["polis"], ["bas", "polis"], ["bas"]])
def test_text_of_an_excerpt_is_looked_at_for_marks_once(owner: Owner, needles: list[str]) -> None:
    """However often the excerpt then asks for it."""
    owner.run("BEGIN")
    owner.run(COUNTING)
    owner.run(
        f"SELECT {for_reader(excerpt_of('text'))} FROM (VALUES ('Aduan polis')) written (text)", [needles]
    )
    assert owner.run("SELECT nextval('looked')") == [(1,)]
