"""`python -m attacks [GROUP or ATTACK …] [--prove] [--write]`: run the attacks, print each, and write the table of docs/security.md."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from attacks import groups
from attacks.attack import ATTACKS, Attack, AttackResult, Ground, perform
from attacks.instance import Instance, running
from attacks.proofs import PROVED_WITHOUT
from attacks.shut_in import go_inside, is_inside
from attacks.table import proof, summed, write, write_proof
from attacks.tools import prepare
from trials.releases import TrialFailed


def _said(outcome: AttackResult) -> str:
    return f"  {outcome.verdict:<10} {outcome.attack.title}\n             {outcome.seen} ({outcome.seconds:.1f} s)"


def _chosen(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make attack", description=__doc__)
    parser.add_argument(
        "chosen",
        nargs="*",
        metavar="GROUP or ATTACK",
        help=f"a group ({', '.join(groups.NAMES)}), or one attack by the name of its function",
    )
    parser.add_argument("--write", action="store_true", help="write the table of docs/security.md")
    parser.add_argument(
        "--prove",
        action="store_true",
        help="attack an instance without the one defence that repels each: it must succeed there",
    )
    parser.add_argument(
        "--open", action="store_true", help="without a network namespace: the tools may reach the network"
    )
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.chosen) - set(groups.NAMES) - {each.run.__name__ for each in ATTACKS}:
        parser.error(
            f"no group or attack {', '.join(sorted(unknown))}; the groups are {', '.join(groups.NAMES)}"
        )
    return chosen


def _attacks_of(chosen: argparse.Namespace) -> list[Attack]:
    names = set(chosen.chosen)
    wanted = [each for each in ATTACKS if not names or names & {each.group, each.run.__name__}]
    return sorted(wanted, key=lambda each: groups.NAMES.index(each.group))


def _run(attacks: list[Attack]) -> list[AttackResult]:
    """Start an instance, run the attacks on it, and print each as it ends."""
    begun = time.monotonic()
    outcomes: list[AttackResult] = []
    with _instance() as site:
        ground = Ground(site)
        ground.note_head()
        for each in attacks:
            if not outcomes or outcomes[-1].attack.group != each.group:
                print(f"\n{each.group}", flush=True)
            outcomes.append(perform(each, ground))
            print(_said(outcomes[-1]), flush=True)
    print(f"\n{summed(outcomes)} {(time.monotonic() - begun) / 60:.0f} minutes.", flush=True)
    return outcomes


def _prove(attacks: list[Attack]) -> list[AttackResult]:
    """Run each attack that can be proved against the instance without the one defence that repels it."""
    begun = time.monotonic()
    outcomes: list[AttackResult] = []
    wanted = [each for each in attacks if each.proved_without]
    with _instance() as site:
        ground = Ground(site)
        ground.note_head()
        # What is planted is planted while all defences hold.
        ground.secrets  # noqa: B018
        for defence in sorted({each.proved_without for each in wanted}, key=_DEFENCES.index):
            site.stop()
            site.start(defence)
            ground.forget_pages()
            print(f"\nwithout {defence}", flush=True)
            for each in wanted:
                if each.proved_without == defence:
                    outcomes.append(perform(each, ground))
                    print(_said(outcomes[-1]), flush=True)
    print(f"\n{summed(outcomes)} {(time.monotonic() - begun) / 60:.0f} minutes.", flush=True)
    return outcomes


#: In this order, so that what a weak instance leaves behind comes last: the log of the database.
_DEFENCES = list(dict.fromkeys(PROVED_WITHOUT.values()))


@contextmanager
def _instance() -> Iterator[Instance]:
    begun = time.monotonic()
    print("Starting an instance as in production, with a history (some minutes) …", flush=True)
    with running() as site:
        print(f"It serves after {time.monotonic() - begun:.0f} s.", flush=True)
        yield site


def main(arguments: list[str]) -> int:
    """Run the attacks of all groups, or of those named; return 1 when one succeeded or broke off.

    With --prove return 1 when one did not succeed.
    """
    chosen = _chosen(arguments)
    attacks = _attacks_of(chosen)
    if not is_inside():
        # What is fetched from registries is fetched before nothing can be.
        prepare(each.group for each in attacks)
    if not chosen.open:
        go_inside(arguments)
        print("The instance and all tools are shut into a network namespace: nothing leaves this machine.")
    if chosen.prove:
        outcomes = _prove(attacks)
        print(proof(outcomes))
        if chosen.write:
            write_proof(outcomes)
        return 0 if all(outcome.succeeded for outcome in outcomes) else 1
    outcomes = _run(attacks)
    if chosen.write:
        write(outcomes)
    return 0 if all(outcome.repelled for outcome in outcomes) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nStopped; the instance is gone.")
    except (RuntimeError, TrialFailed) as error:
        sys.exit(f"\n{error}")
