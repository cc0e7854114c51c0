"""The full PDF of the demonstration, in turns with bare Typst. Both start with a Typst that remembers nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from accounts.models import User
from accounts.roles import Role
from audit import clock
from audit.snapshot import database_snapshot
from benchmarks.child import milliseconds_of
from recommendations.models import Cycle
from reports.summary.content import SummaryContent
from reports.summary.selection import read_selection
from reports.summary.statement import Maker
from reports.writers.pdf import summary
from reports.writers.pdf.compiler import clear_typst_cache, run_typst
from reports.writers.pdf.typst_data import to_json


def answers(_facts: dict[str, Any]) -> Mapping[str, Callable[..., object]]:
    """Answer `pdf`, for a language of the summary: the milliseconds of the product and those of Typst alone.

    Raises `RuntimeError` unless both make the same bytes.
    """

    def pdf(language: str, times: int) -> list[list[float]]:
        product, bare = _acts(language)
        if product() != bare():
            raise RuntimeError("the product and bare Typst made different files")
        taken: list[list[float]] = [[], []]
        for _turn in range(times):
            for act, milliseconds in zip((product, bare), taken, strict=True):
                milliseconds.append(_timed(act))
        return taken

    return {"pdf": pdf}


def _timed(act: Callable[[], bytes]) -> float:
    clear_typst_cache()
    return milliseconds_of(act)


def _acts(language: str) -> tuple[Callable[[], bytes], Callable[[], bytes]]:
    """Return the product's whole way from the database, and Typst on data that lie ready."""
    cycle = Cycle.objects.get(year=2023)
    user = User.objects.filter(role=Role.REVIEWER).order_by("pk")[0]
    maker = Maker.of(user, now=clock.now())
    asked = {"day": "2023-08-31", "depth": "full", "language": language}
    selection = read_selection(asked, cycle=cycle, today=clock.today(), user=user)

    def product() -> bytes:
        target = BytesIO()
        with database_snapshot():
            content = SummaryContent(selection, cycle=cycle, reader=user)
            summary.write(content, target, maker=maker)
        return target.getvalue()

    with database_snapshot():
        content = SummaryContent(selection, cycle=cycle, reader=user)
        data = to_json(summary.summary_data(content, maker=maker))
    return product, lambda: run_typst("summary.typ", data, maker.made_at)
