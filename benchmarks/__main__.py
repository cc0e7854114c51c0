"""`make bench`: build databases at three lengths of history, measure against the floor, print and write down."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import psycopg2

from benchmarks import (
    plans,
    reads,
    reminders,
    reports_jobs,
    reports_pack,
    reports_pdf,
    reports_tables,
    search,
    state,
    uploads,
)
from benchmarks.block import read_block, write_block
from benchmarks.report import Figure, machine
from benchmarks.site import BASE, Builder, Site
from tests.databases import named

LEVELS = (0, 50, 5_000)
WRITE_GOAL, WRITERS = 2.0, 8
RESULTS = "results"


def main() -> int:
    """Print one line a figure; 1 when a goal is short."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="jejak-bench-") as folder:
        figures = _measure(Builder(Path(folder)), options)
    if options.write:
        _write_down(figures, is_whole=options.only is None)
    return 0 if all(figure.is_met for figure in figures) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only",
        choices=[
            "reads",
            "writes",
            "uploads",
            "state",
            "search",
            "reminders",
            "jobs",
            "packs",
            "papers",
            "tables",
        ],
        help="measure one kind",
    )
    parser.add_argument(
        "--levels", type=int, nargs="+", default=LEVELS, help="accepted updates for each assignment"
    )
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=state.SIZES, help="updates in ten cycles, for --only state"
    )
    parser.add_argument("--explain", action="store_true", help="print the plans at the largest of the sizes")
    parser.add_argument("--rounds", type=int, default=8, help="interleaved rounds")
    parser.add_argument("--requests", type=int, default=10, help="requests of a client in a round")
    parser.add_argument(
        "--write", action="store_true", help="write the results into benchmarks/README.md (the others stay)"
    )
    return parser.parse_args()


def _measure(builder: Builder, options: argparse.Namespace) -> list[Figure]:
    figures: list[Figure] = []
    with builder.running():
        if options.only not in ("state", "search", "reminders", "jobs", "packs", "papers", "tables"):
            figures += _by_level(builder, options)
        if options.only in (None, "state"):
            figures += _by_size(builder, options)
        if options.only in (None, "search"):
            figures += _search(builder, options)
        if options.only in (None, "reminders"):
            figures += _shown(reminders.measure(builder, reminders.build(builder), rounds=options.rounds))
        if options.only in (None, "jobs"):
            figures += _jobs(builder, options)
        if options.only in (None, "papers"):
            figures += _shown(reports_pdf.measure(builder, reports_pdf.build(builder), rounds=options.rounds))
        if options.only in (None, "tables"):
            tables = reports_tables.build(builder)
            figures += _shown(reports_tables.measure(builder, tables, rounds=options.rounds))
        if options.only in (None, "packs"):
            figures += _packs(builder, options)
    return figures


def _by_level(builder: Builder, options: argparse.Namespace) -> list[Figure]:
    """One cycle, at three lengths of history."""
    figures: list[Figure] = []
    names = {level: builder.build(level) for level in sorted(options.levels)}
    first = next(iter(names.values()))
    builder.collect_static(first)
    if options.only in (None, "reads"):
        figures += _shown(_reads(builder, names, options))
    if options.only in (None, "writes"):
        figures += _shown(_writes(builder, first, rounds=options.rounds))
    if options.only in (None, "uploads"):
        figures += _shown(_uploads(builder, first, rounds=options.rounds))
    return figures


def _by_size(builder: Builder, options: argparse.Namespace) -> list[Figure]:
    """Ten cycles, at three numbers of updates in all of them."""
    names = builder.build_cycles(sorted(options.sizes))
    builder.collect_static(names[min(names)])
    if options.explain:
        plans.show(builder, names[max(names)])
    return _shown(state.measure(builder, names, rounds=options.rounds))


def _search(builder: Builder, options: argparse.Namespace) -> list[Figure]:
    name = search.build(builder)
    builder.collect_static(name)
    return _shown(search.measure(builder, name, rounds=options.rounds))


def _packs(builder: Builder, options: argparse.Namespace) -> list[Figure]:
    name = reports_pack.build(builder)
    builder.collect_static(name)
    return _shown(reports_pack.measure(builder, name, rounds=options.rounds))


def _jobs(builder: Builder, options: argparse.Namespace) -> list[Figure]:
    name = reports_jobs.build(builder)
    builder.collect_static(name)
    return _shown(reports_jobs.measure(builder, name, rounds=options.rounds))


def _shown(figures: Iterable[Figure]) -> list[Figure]:
    """Print each figure as soon as it is known."""
    shown = []
    for figure in figures:
        print(figure.line(), flush=True)
        shown.append(figure)
    return shown


def _reads(builder: Builder, names: dict[int, str], options: argparse.Namespace) -> list[Figure]:
    with ExitStack() as stack:
        sites = {
            level: (stack.enter_context(Site(builder, name).serving()), builder.facts(name))
            for level, name in names.items()
        }
        figures = reads.measure(sites, rounds=options.rounds, requests=options.requests)
    counts = builder.count_queries(list(names.values())[-1])
    figures += [
        Figure(f"{page}.queries", counts[page], 1.0, goal, unit="")
        for page, goal in reads.QUERY_GOALS.items()
    ]
    return figures


def _writes(builder: Builder, name: str, *, rounds: int, each: int = 60) -> list[Figure]:
    """The same audited write by eight writers, in turns with and without the chain's trigger."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.writes",
        str(builder.folder / f"{name}.json"),
        str(WRITERS),
        str(each),
    ]
    chained: list[float] = []
    unchained: list[float] = []
    for _ in range(rounds):
        for times, word in ((unchained, "DISABLE"), (chained, "ENABLE")):
            _switch_chain(builder, name, word)
            done = subprocess.run(
                command, cwd=BASE, env=builder.environment(name), check=True, capture_output=True, text=True
            )
            times.append(float(done.stdout.splitlines()[-1]))
    return [Figure(f"audited_write@{WRITERS}", median(chained), median(unchained), WRITE_GOAL)]


def _switch_chain(builder: Builder, name: str, word: str) -> None:
    with (
        psycopg2.connect(named(builder.cluster.owner_url, name)) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(f"ALTER TABLE audit_event {word} TRIGGER audit_event_chain")
    connection.close()


def _uploads(builder: Builder, name: str, *, rounds: int) -> list[Figure]:
    with Site(builder, name, workers=1).serving() as site:
        return uploads.measure(site, builder.facts(name), rounds=rounds)


def _write_down(figures: list[Figure], *, is_whole: bool) -> None:
    """Put the results into the README; those of kinds that were not measured stay, unless all were."""
    former = read_block(RESULTS).splitlines()
    told = [line for line in former if line.startswith("| ") and not line.startswith("| Figure")]
    rows = {} if is_whole else {line.split("|")[1].strip(): line for line in told}
    rows |= {each.name: each.row() for each in figures}
    lines = ["| Figure | Value | Floor | Ratio | Goal | |", "|---|---|---|---|---|---|", *rows.values()]
    write_block(RESULTS, f"{machine()}\n\n" + "\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
