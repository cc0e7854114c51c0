"""The hot searches use their indexes: whatever the planner thinks of little tables, it can."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from search.queries.found import Searcher, SearchKind
from search.queries.others import COMMENTS, DOCUMENTS, ITEMS
from search.queries.updates import SENT, UNSENT
from tests.search.conftest import Library

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
