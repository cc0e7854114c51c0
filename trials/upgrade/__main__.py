"""`python -m trials.upgrade`: roll this tree out over the last release under load, back, and out again; lose nothing.

Twenty people work all the time. It ends with 1 when a request or a word was lost.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from attacks.browser import Browser
from attacks.site import DemoPerson
from trials.comparison import missing, wrong_files, wrong_statics
from trials.ledger import Ledger
from trials.officers import team_at_work
from trials.releases import Tree, TrialFailed, released_tree, this_tree
from trials.running import wait_until
from trials.upgrade.installation import PARTS, UpgradedInstallation, installation

#: How long people work before, between and after; how often a migration that found a table in use is run again.
_BETWEEN_SECONDS, _TRIES = 12.0, 5
#: nginx takes a web that it did not reach for gone so long (deploy/nginx/render.sh: fail_timeout).
_FORGIVEN_SECONDS = 4.0
#: What nginx had sent to a web when it was told to send no more is answered so soon.
_UNDER_WAY_SECONDS = 10.0


class UpgradeTrial:
    """The steps, each with its seconds and its slowest request."""

    def __init__(self, made: UpgradedInstallation, old: Tree, new: Tree) -> None:
        self.made, self.old, self.new = made, old, new
        self.ledger = Ledger()

    def run(self) -> list[str]:
        """Do all steps, and return what was lost, as sentences."""
        people = self._prepare()
        with team_at_work(self.made.site, people, self.ledger):
            self._upgrade()
        return self._compare(people)

    def _prepare(self) -> list[DemoPerson]:
        # Its pages ask for other files than those of this tree, as those of two releases do.
        for name in ("base.css", "app.js"):
            with (self.old.folder / "ui/static/ui" / name).open("a", encoding="utf-8") as file:
                file.write("\n/* as it was in the last release */\n")
        with self.ledger.printed(f"Tables and people of {self.old.title}"):
            self.made.build(self.old)
            people = self.made.prepare(self.old)
        with self.ledger.printed("Static files of this tree"):
            self.made.build(self.new)
        with self.ledger.printed(f"Starting {self.old.title}"):
            for name in PARTS:
                self.made.start(name, self.old)
        return people

    def _upgrade(self) -> None:
        with self.ledger.printed("Twenty people work with the last release"):
            self._work()
        with self.ledger.printed("Static files of open pages are kept"):
            self.made.keep_statics(self.old)
        with self.ledger.printed("Migrating to this tree"):
            self._migrate()
        self._roll(self.new)
        self._roll(self.old, back=True)
        self._roll(self.new)

    def _migrate(self) -> None:
        """Migrate; what waited too long for a table is run again, as docs/upgrading.md says."""
        for left in reversed(range(_TRIES)):
            try:
                return self.made.migrate(self.new)
            except TrialFailed as failed:
                if not left or "run it again" not in str(failed).lower():
                    raise
        return None

    def _roll(self, tree: Tree, *, back: bool = False) -> None:
        """Put a tree in place, part by part. On the way back nginx is told nothing: it must notice by itself."""
        for name in PARTS:
            with self.ledger.printed(f"{name}: {'back to' if back else 'on to'} {tree.title}"):
                is_told = name in self.made.web_ports and not back
                if is_told:
                    self.made.front.send_to(self.made.webs(but=name))
                    time.sleep(_UNDER_WAY_SECONDS)
                stopped = self.made.parts[name].stop()
                started = self.made.start(name, tree)
                if is_told:
                    self.made.front.send_to(self.made.webs())
                time.sleep(_FORGIVEN_SECONDS)
            print(f"    stopped in {stopped:.1f} s, answered after {started:.1f} s", flush=True)
        with self.ledger.printed(f"Twenty people work with {tree.title}"):
            self._work()

    def _work(self) -> None:
        until = time.monotonic() + _BETWEEN_SECONDS
        while time.monotonic() < until:
            time.sleep(0.5)
            for part in self.made.parts.values():
                part.demand()

    def _compare(self, people: list[DemoPerson]) -> list[str]:
        administrator = Browser(self.made.site)
        with self.ledger.printed("Comparing what was accepted with what is there"):
            administrator.sign_in(next(each for each in people if each.role == "administrator"))
            found = [*self.ledger.wrongs, *missing(self.made.cluster.owner_url, self.ledger)]
            found += wrong_files(self.ledger, administrator)
            found += wrong_statics(self.made.web_ports, self.ledger)
        with self.ledger.printed("All parts are ready, the schedule too"):
            wait_until(
                lambda: administrator.get("/health/ready/").status == 200, "/health/ready/", within=150
            )
        return found


def main(arguments: list[str]) -> int:
    """Run the trial, print what it saw, and return 1 when something was lost."""
    parser = argparse.ArgumentParser(prog="make upgrade", description=__doc__)
    parser.add_argument(
        "--commit", default="", help="the release to begin with (that of tracker/house/release.toml)"
    )
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="jejak-upgrade-") as name:
        folder = Path(name)
        old = released_tree(folder / "released", chosen.commit)
        try:
            with installation(folder) as made:
                trial = UpgradeTrial(made, old, this_tree())
                found = trial.run()
        except TrialFailed as failed:
            print(failed)
            return 1
    _report(trial.ledger, found, time.monotonic() - began)
    return 1 if found else 0


def _report(ledger: Ledger, found: list[str], seconds: float) -> None:
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(ledger.statuses().items()))
    print(f"\n{len(ledger.asked)} requests ({statuses}); {len(ledger.lost())} lost.")
    print(
        f"{ledger.accepted()} texts and files accepted: {len(ledger.comments)} comments, {len(ledger.drafts)} drafts, "
        f"{len(ledger.sent)} sent, {len(ledger.files)} files; {len(ledger.shown_back)} refused and shown back."
    )
    print(f"{len(ledger.statics)} static files of both releases asked for.")
    for sentence in found[:40]:
        print(f"  LOST: {sentence}")
    print(f"{len(found)} losses. {seconds:.0f} s in all.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
