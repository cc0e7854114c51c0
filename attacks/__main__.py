"""`python -m attacks [GROUP …] [--write]`: run the attacks, print each, and write the table of docs/security.md."""

from __future__ import annotations

import argparse
import sys

from attacks import groups
from attacks.attack import ATTACKS, Ground, Outcome, perform
from attacks.instance import running
from attacks.table import write


def _said(outcome: Outcome) -> str:
    verdict = "SUCCEEDED" if outcome.succeeded else "repelled "
    return f"  {verdict} {outcome.attack.group:<9} {outcome.attack.title} ({outcome.seen}; {outcome.seconds:.1f} s)"


def main() -> int:
    """Run the attacks of all groups, or of those named; return 1 when one succeeded."""
    parser = argparse.ArgumentParser(prog="make attack")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(groups.NAMES))
    parser.add_argument("--write", action="store_true", help="write the table of docs/security.md")
    chosen = parser.parse_args()
    outcomes = []
    with running() as site:
        ground = Ground(site)
        for each in sorted(ATTACKS, key=lambda each: groups.NAMES.index(each.group)):
            if not chosen.groups or each.group in chosen.groups:
                outcomes.append(perform(each, ground))
                print(_said(outcomes[-1]), flush=True)
    succeeded = sum(outcome.succeeded for outcome in outcomes)
    print(f"{len(outcomes)} attacks: {len(outcomes) - succeeded} repelled, {succeeded} succeeded")
    if chosen.write:
        write(outcomes)
    return 1 if succeeded else 0


if __name__ == "__main__":
    sys.exit(main())
