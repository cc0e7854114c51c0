"""`make mutants`: change the functions of the core one by one, run the tests, and list what nobody noticed.

One process loads Django and the tests, and forks for each mutant (mutmut). Each area works in a copy of the checkout
in the system's temporary folder; a run that was stopped goes on where it was, as long as the checkout is the same.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from typing import NamedTuple

from tests.mutants.areas import AREAS

#: What the tests must notice in each area, in percent.
GOAL = 90


class Result(NamedTuple):
    """What became of the mutants of an area; `survivors` are (function, change)."""

    area: str
    mutants: int
    survivors: list[tuple[str, str]]

    @property
    def percent(self) -> float:
        return 100 * (self.mutants - len(self.survivors)) / max(self.mutants, 1)


def main() -> int:
    """Print the survivors and a table by area. Return 1 when an area misses the goal or a survivor has no reason."""
    options = _options()
    from tests import harness
    from tests.mutants import report

    try:
        results = [_run(name, options) for name in options.areas or AREAS]
    except KeyboardInterrupt:
        print("\nStopped; the same command goes on.", file=sys.stderr)
        return 130
    finally:
        harness.pytest_unconfigure()
    print(report.survivors(results))
    print(report.table(results))
    if options.write:
        report.write(results)
    return 0 if all(each.percent >= GOAL for each in results) and not report.unexplained(results) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"of {', '.join(AREAS)}; without any, all")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--again",
        action="store_true",
        help="after a change of tests: test only survivors again, and functions that changed",
    )
    parser.add_argument("--write", action="store_true", help="write the results into docs/mutants.md")
    options = parser.parse_args()
    if unknown := set(options.areas) - set(AREAS):
        parser.error(f"no such area: {', '.join(sorted(unknown))}")
    return options


def _run(name: str, options: argparse.Namespace) -> Result:
    from tests.mutants.workspace import Workspace, function_of

    started = time.monotonic()
    print(f"== {name}", flush=True)
    workspace = Workspace(name, AREAS[name])
    workspace.prepare(keep_killed=options.again)
    workspace.run(processes=options.processes)
    survivors = [(function_of(each), workspace.change_of(each)) for each in workspace.survivors()]
    result = Result(name, len(workspace.results()), survivors)
    seconds = time.monotonic() - started
    print(f"== {name}: {result.percent:.0f} % of {result.mutants} noticed, {seconds:.0f} s", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
