"""`make bench`: make databases, measure each part against its floor, print every figure and write them down."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.databases import Databases
from benchmarks.parts import PARTS, Bench
from benchmarks.parts.state import LARGEST, SIZES
from benchmarks.processes import ChildFailed
from benchmarks.results import Measurement, machine, read_block, write_block
from benchmarks.running import PartProgress, TooLong, clock_time, time_limit

RESULTS = "results"
#: Making all databases may take so long.
DATABASES_SECONDS = 1_200.0


def main() -> int:
    """Print one line for each figure; return 1 when a goal is missed, 2 when the run broke off."""
    options = _options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory(prefix="jejak-bench-") as folder:
            figures, took = _measure(Databases(Path(folder), is_small=options.small), options)
    except (ChildFailed, TooLong) as error:
        print(f"The run broke off: {error}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; nothing runs any more.", file=sys.stderr)
        return 130
    if options.write:
        _write_down(figures, took, is_whole=options.only is None)
    return 0 if all(figure.is_met for figure in figures) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=PARTS, nargs="+", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument(
        "--small",
        action="store_true",
        help="short histories, to try the benchmarks out: figures mean nothing",
    )
    parser.add_argument("--rounds", type=int, default=8, help="interleaved rounds")
    parser.add_argument("--requests", type=int, default=10, help="requests of a client in a round")
    parser.add_argument("--write", action="store_true", help="write the results into benchmarks/README.md")
    parser.add_argument(
        "--explain",
        action="store_true",
        help="print PostgreSQL's plans for the longest history, and no figures",
    )
    return parser.parse_args()


def _measure(databases: Databases, options: argparse.Namespace) -> tuple[list[Measurement], dict[str, float]]:
    """Run the parts; return their figures, and how many seconds each took."""
    parts = {} if options.explain else {name: PARTS[name] for name in options.only or PARTS}
    names = {name for part in parts.values() for name in part.databases}
    took: dict[str, float] = {}
    figures: list[Measurement] = []
    with ExitStack() as stack:
        with PartProgress("databases") as progress, time_limit("databases", DATABASES_SECONDS):
            stack.enter_context(databases.running())
            databases.make([SIZES[LARGEST]] if options.explain else names, tell=progress.step)
        took["databases"] = progress.seconds
        if options.explain:
            print(databases.get(SIZES[LARGEST]).run("children.plans"))
        bench = Bench(databases, rounds=options.rounds, requests=options.requests)
        for name, part in parts.items():
            with PartProgress(name) as progress, time_limit(name, part.limit_seconds):
                for figure in part.measure(bench):
                    print(figure.line(), flush=True)
                    figures.append(figure)
            took[name] = progress.seconds
    return figures, took


def _write_down(figures: list[Measurement], took: dict[str, float], *, is_whole: bool) -> None:
    """Put the figures into the README; those of parts that were not measured stay, unless all were."""
    former = [line for line in read_block(RESULTS).splitlines() if line.startswith("| ")][1:]
    rows = {} if is_whole else {line.split("|")[1].strip(): line for line in former}
    rows |= {figure.name: figure.row() for figure in figures}
    lines = ["| Measurement | Value | Floor | Ratio | Goal | |", "|---|---|---|---|---|---|", *rows.values()]
    durations = ", ".join(f"{name} {clock_time(seconds)}" for name, seconds in took.items())
    whole = clock_time(sum(took.values()))
    write_block(RESULTS, f"{machine()} Minutes: {durations}; in all {whole}.\n\n" + "\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
