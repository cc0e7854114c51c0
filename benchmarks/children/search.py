"""Searches in turns with bare full-text SQL.

A search is everything behind the page: the question is read, all kinds are searched, hits are marked. The bare
statements (`floor/search.sql`) find the same things with the same rights, unmarked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from accounts.models import User
from benchmarks.child import in_turns
from benchmarks.children.state import FLOOR, bare
from benchmarks.parts.search import QUESTIONS, SEARCHES
from search.queries.found import Narrowing
from search.queries.results import SearchContext, read_results
from search.question import read_question

#: Which statements of the floor a person needs, by what can be found.
STATEMENTS = {
    "officer": {
        "items": "items",
        "agencies": "agencies",
        "updates": "updates, for an agency",
        "drafts": "drafts, for an agency",
        "comments": "comments, for an agency",
        "documents": "documents, for an agency",
    },
    "reviewer": {
        "items": "items",
        "agencies": "agencies",
        "updates": "updates, for MAPO",
        "comments": "comments, for MAPO",
        "documents": "documents, for MAPO",
    },
}


def answers(facts: dict[str, Any]) -> Mapping[str, Callable[..., object]]:
    """Answer each search by its name. Raises `AssertionError` unless product and bare statements find the same."""
    return {
        search: in_turns(*_pair(_person(facts[role]), role, QUESTIONS[question]))
        for search, (role, question) in SEARCHES.items()
    }


def _person(session_key: str) -> Any:
    """Return whose session it is."""
    return User.objects.get(pk=Session.objects.get(pk=session_key).get_decoded()[SESSION_KEY])


def _pair(user: Any, role: str, text: str) -> tuple[Callable[[], object], Callable[[], object]]:
    """Return the product's search and the bare one."""
    around = SearchContext({}, {})
    values = {"question": text, "clearance": user.clearance, "agency": user.agency_id, "person": user.pk}
    statements = {kind: bare(_statement(title), values) for kind, title in STATEMENTS[role].items()}

    def product() -> Any:
        return read_results(read_question(text), user=user, around=around, narrowing=Narrowing())

    def by_hand() -> dict[str, list[tuple[Any, ...]]]:
        return {kind: fetch() for kind, fetch in statements.items()}

    found = by_hand()
    for group in product().groups:
        rows = [(row.pk, row.total) for row in group.found.rows]
        by_sql = [row[:2] for row in found[group.kind]]
        assert rows == by_sql, f"{role}, {text}: {group.kind}: {rows} and {by_sql}"
    return product, by_hand


def _statement(title: str) -> str:
    """Return the statement of the floor under this title."""
    parts = re.split(r"^-- (.+)$", (FLOOR / "search.sql").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[title].strip().rstrip(";")
