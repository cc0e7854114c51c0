"""How many queries each page takes, counted with Django's test client."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.parts.figures import PAGES as FIGURE_PAGES
from benchmarks.parts.pages import PAGES
from benchmarks.parts.state import DASHBOARD


def main(facts: dict[str, Any]) -> dict[str, float]:
    """Return the number of queries by page, of those pages that the facts name; each is asked for once before."""
    counts = {}
    for page, role in (PAGES | DASHBOARD | FIGURE_PAGES).items():
        if page not in facts:
            continue
        client = Client(headers={"host": "127.0.0.1"})
        client.cookies["sessionid"] = facts[role]
        client.get(facts[page])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(facts[page]).status_code == 200
        counts[page] = float(len(queries))
    return counts
