"""Run as the web role: `python -m benchmarks.search_worker FACTS.json` times searches in turns with bare full-text SQL.

A search is everything behind the page: the question read, all kinds searched, hits marked. The bare statements
(`search_floor.sql`) find the same things with the same rights, unmarked. It speaks as `state_worker` does.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from benchmarks.search_texts import QUESTIONS
from benchmarks.state_worker import answer, bare

FLOOR = Path(__file__).with_name("search_floor.sql")
ROLES = ("officer", "reviewer")
#: Which statements of the floor a person needs, by what can be found.
STATEMENTS = {
    "officer": {
        "items": "items",
        "updates": "updates, for an agency",
        "drafts": "drafts, for an agency",
        "comments": "comments, for an agency",
        "documents": "documents, for an agency",
    },
    "reviewer": {
        "items": "items",
        "updates": "updates, for MAPO",
        "comments": "comments, for MAPO",
        "documents": "documents, for MAPO",
    },
}


def main(facts_file: Path) -> None:
    """Prove that product and bare statements find the same, then answer until the input ends."""
    django.setup()
    facts = json.loads(facts_file.read_text(encoding="utf-8"))
    answer(
        {
            f"{role}.{name}": _pair(_person(facts[role]), role, text)
            for role in ROLES
            for name, text in QUESTIONS.items()
        }
    )


def _person(session_key: str) -> Any:
    """Whose session it is."""
    from django.contrib.auth import SESSION_KEY
    from django.contrib.sessions.models import Session

    from accounts.models import User

    return User.objects.get(pk=Session.objects.get(pk=session_key).get_decoded()[SESSION_KEY])


def _pair(user: Any, role: str, text: str) -> tuple[Callable[[], object], Callable[[], object]]:
    from search.queries.found import Narrowing
    from search.queries.results import Surroundings, read_results
    from search.question import read_question

    around = Surroundings({}, {})
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
    """The statement of the floor under this title."""
    parts = re.split(r"^-- (.+)$", FLOOR.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[title].strip().rstrip(";")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
