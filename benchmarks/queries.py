"""Run as the web role: `python -m benchmarks.queries FACTS.json` prints the queries that each page takes, as JSON."""

import json
import sys
from pathlib import Path

import django


def main(facts_file: Path) -> None:
    """Count with Django's test client, signed in by the seeded sessions."""
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from benchmarks.reads import PAGES
    from benchmarks.state import DASHBOARD

    facts = json.loads(facts_file.read_text(encoding="utf-8"))
    counts = {}
    for page, role in {"floor": "reviewer", **PAGES, **DASHBOARD}.items():
        if page not in facts and page != "floor":
            continue
        client = Client(headers={"host": "127.0.0.1"})
        client.cookies["sessionid"] = facts[role]
        path = "/floor/page/" if page == "floor" else facts[page]
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts[page] = len(queries)
    print(json.dumps(counts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
