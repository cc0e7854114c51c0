"""The parts of a run, in their order: what is measured, on which databases."""

from benchmarks.parts import (
    figures,
    jobs,
    packs,
    pages,
    papers,
    reminders,
    search,
    sign_in,
    state,
    tables,
    uploads,
    workbooks,
    writes,
)
from benchmarks.parts.bench import Bench, BenchPart

__all__ = ["PARTS", "Bench", "BenchPart"]

PARTS = {
    "pages": BenchPart(tuple(pages.LEVELS.values()), pages.measure),
    "writes": BenchPart(("one_cycle_0",), writes.measure),
    "uploads": BenchPart(("one_cycle_0",), uploads.measure),
    "state": BenchPart(tuple(state.SIZES.values()), state.measure),
    "figures": BenchPart(figures.DATABASES, figures.measure),
    "workbooks": BenchPart(("month_form",), workbooks.measure),
    "search": BenchPart(("texts",), search.measure),
    "reminders": BenchPart(("people_200", "people_2000"), reminders.measure),
    "sign_in": BenchPart(("people_200",), sign_in.measure),
    "jobs": BenchPart(("ten_cycles_210k",), jobs.measure),
    "papers": BenchPart(("demonstration",), papers.measure),
    "tables": BenchPart(("tables",), tables.measure, limit_seconds=1_500.0),
    "packs": BenchPart(("pack",), packs.measure),
}
