"""Run as the web role: `python -m benchmarks.reports_pdf_worker FACTS.json` times the full PDF in turns with bare Typst.

Reads one line at a time, the language of a summary and how often, and answers with one line of JSON: the milliseconds
of the product and those of Typst alone. Both start with a Typst that remembers nothing.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from io import BytesIO

import django


def main() -> None:
    """Prove that both set the same, then answer until the input ends."""
    django.setup()
    for line in sys.stdin:
        language, times = line.split()
        product, bare = _acts(language)
        if product() != bare():
            raise RuntimeError("the product and bare Typst set different papers")
        taken: tuple[list[float], list[float]] = ([], [])
        for _turn in range(int(times)):
            for act, milliseconds in zip((product, bare), taken, strict=True):
                milliseconds.append(_timed(act))
        print(json.dumps(taken), flush=True)


def _timed(act: Callable[[], bytes]) -> float:
    from reports.writers.pdf.setting import forget

    forget()
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1_000


def _acts(language: str) -> tuple[Callable[[], bytes], Callable[[], bytes]]:
    """The product's whole way from the database, and Typst on data that lie ready."""
    from accounts.models import User
    from accounts.roles import Role
    from audit import clock
    from recommendations.models import Cycle
    from reports.summary.content import SummaryContent, database_snapshot
    from reports.summary.selection import read_selection
    from reports.summary.statement import Maker
    from reports.writers import pdf
    from reports.writers.pdf.setting import compile_paper
    from reports.writers.pdf.typed import as_data

    cycle = Cycle.objects.get(year=2023)
    user = User.objects.filter(role=Role.REVIEWER).order_by("pk")[0]
    maker = Maker.of(user, now=clock.now())
    asked = {"day": "2023-08-31", "depth": "full", "language": language}
    selection = read_selection(asked, cycle=cycle, today=clock.today(), user=user)

    def product() -> bytes:
        target = BytesIO()
        with database_snapshot():
            content = SummaryContent(selection, cycle=cycle, reader=user)
            pdf.write(content, target, maker=maker)
        return target.getvalue()

    with database_snapshot():
        content = SummaryContent(selection, cycle=cycle, reader=user)
        data = as_data(pdf.summary_data(content, maker=maker))
    return product, lambda: compile_paper("summary.typ", data, maker.made_at)


if __name__ == "__main__":
    main()
