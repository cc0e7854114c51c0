"""`python -m trials.failover`: while twenty people work, every machine of a ministry falls once.

It ends with 1 when something that was accepted is gone, when what was asked for is not done, or when pages were refused for
longer than half a minute.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles

from attacks.browser import Browser
from attacks.site import DemoPerson
from tests.evidence.fake_clamd import Clamd
from trials.comparison import missing, wrong_files
from trials.failover.asking import AskingOfficer
from trials.failover.commits import cost_of_waiting
from trials.failover.databases import Pair
from trials.failover.hosts import OFFICE, go_inside
from trials.failover.mails import ReminderMails
from trials.failover.ministry import SCANNER_PORT, Ministry, WebBrowser
from trials.failover.promises import demand_promises
from trials.ledger import Ledger
from trials.officers import team_at_work, team_of
from trials.releases import TrialFailed
from trials.running import listens, wait_until

#: Pages may be refused for so long.
MOST_SECONDS = 30.0
#: Whoever watches notices, and decides, after so long; then the replica is promoted, or the schedule started elsewhere.
NOTICED_SECONDS = 8.0
_WORK_SECONDS = 20.0


class FailoverTrial:
    """The steps."""

    def __init__(self, ministry: Ministry, *, synchronous: bool) -> None:
        self.ministry, self.synchronous = ministry, synchronous
        self.ledger = Ledger()
        self.mails = ReminderMails(ministry.pair, ministry.folder / "mail")

    def run(self) -> list[str]:
        """Do all steps; return what was lost, as sentences."""
        made, printed = self.ministry, self.ledger.printed
        with printed("Three hosts, and media on all of them (GlusterFS)"):
            made.start_hosts()
        with printed("Tables and people"):
            people = made.prepare()
        with printed(
            f"A replica follows ({'each commit waits for it' if self.synchronous else 'nobody waits'})"
        ):
            made.pair.follow(synchronous=self.synchronous)
        with printed("Two webs, a worker, schedule, pool, broker, two nginx"):
            made.start()
        asking = AskingOfficer(made.site, _beside_team(people), self.ledger, made.folder / "mail")
        with printed("A file sent through host 1 is scanned, packed and taken on host 2"):
            self._share(asking)
        made.start_on(made.webs[0], "worker")
        with printed("What it costs that each commit waits for the replica"):
            _say(cost_of_waiting(made.pair, made.site, asking.person, is_kept=self.synchronous))
        asking.sign_in()
        with team_at_work(made.site, people, self.ledger, are_files_scanned=True):
            self._faults(asking)
        with printed("MAPO nudges, and mail is held; the operator releases it"):
            self.mails.nudge(Browser(made.site).sign_in(_first(people, "reviewer")))
            self._release_mail()
        return self._compare(people)

    def _share(self, asking: AskingOfficer) -> None:
        made = self.ministry
        sender, reader = (WebBrowser(made.site, host).sign_in(asking.person) for host in made.webs)
        asked = asking.ask(sender)
        self._say_done(asking.wait_until_done(asked, reader))
        made.media.wait_until_whole()
        made.media.demand_private()
        _say(demand_promises(made.webs, made.media.place / "promises"))
        first, second = (made.media.copies(host) for host in made.webs)
        if not first or first != second:
            raise TrialFailed(f"The copies of the media differ: {len(first)} and {len(second)} files")
        _say(f"{len(first)} files, the same on both disks, and nobody else can read them")

    def _faults(self, asking: AskingOfficer) -> None:
        made, printed = self.ministry, self.ledger.printed
        with printed("Twenty people work"):
            time.sleep(_WORK_SECONDS)
        self.ledger.may_refuse = True
        with printed("The third host falls: broker, and the media's third vote"):
            made.third.fall()
            asked = asking.ask()
            time.sleep(NOTICED_SECONDS)
        with printed("It comes back, and its broker is empty"):
            made.come_back(made.third)
            self._say_done(asking.wait_until_done(asked))
        with printed("The database's machine falls; the replica takes over"):
            self._promote()
        with printed("Twenty people go on"):
            time.sleep(_WORK_SECONDS)
        second = made.webs[1]
        with printed("The second host falls: web, worker, schedule, a copy of the media"):
            second.fall()
            asked = asking.ask()
            time.sleep(NOTICED_SECONDS)
        with printed("The schedule is started on the first"):
            made.start_on(made.webs[0], "beat")
            self._say_done(asking.wait_until_done(asked))
        with printed("The second host comes back"):
            made.come_back(second)
            time.sleep(_WORK_SECONDS / 2)
        # Last: whoever has just asked for a page waits for it a minute, as browsers do, and works less meanwhile.
        with printed("The nginx that has the address falls; the other takes it"):
            self._move_address()

    def _move_address(self) -> None:
        fronts, fell = self.ministry.fronts, time.monotonic()
        first = fronts.holder()
        first.fall()
        wait_until(lambda: listens(fronts.address, fronts.tls_port), "The address moves", within=MOST_SECONDS)
        _say(f"host {fronts.holder().number} has it after {time.monotonic() - fell:.1f} s")
        time.sleep(_WORK_SECONDS / 2)
        first.start()
        fronts.start_on(first, self.ministry.addresses)

    def _promote(self) -> None:
        made, fell = self.ministry, time.monotonic()
        made.pair.fall()
        time.sleep(NOTICED_SECONDS)
        made.pair.promote()
        made.pool.lead_to(made.pair.socket)
        seconds = time.monotonic() - fell
        _say(f"noticed after {NOTICED_SECONDS:.0f} s, writable and the pool led there after {seconds:.1f} s")

    def _release_mail(self) -> None:
        self.mails.wait_until_held()
        ready = self.mails.ready()
        said = self.ministry.manage(self.ministry.webs[1], "manage.py", "release_mail").strip()
        left = self.mails.wait_until_left()
        _say(f"{ready} reminders and notices waited; {said} {left} mails left")

    def _compare(self, people: list[DemoPerson]) -> list[str]:
        made, printed = self.ministry, self.ledger.printed
        with printed("All copies of the media have caught up"):
            made.media.wait_until_whole()
            made.media.demand_private()
            if made.media.copies(made.webs[0]) != made.media.copies(made.webs[1]):
                raise TrialFailed("The copies of the media differ after all hosts came back")
        with printed("The first host falls too"):
            made.webs[0].fall()
        self.ledger.may_refuse = False
        with printed("Comparing what was accepted with what the second host gives"):
            administrator = Browser(made.site).sign_in(_first(people, "administrator"))
            owner = made.pair.url_of_replica(made.pair.first.owner_url)
            found = [
                *self.ledger.wrongs,
                *missing(owner, self.ledger),
                *wrong_files(self.ledger, administrator),
                *self.mails.wrong(),
            ]
        with printed("The chain of the audit trail and all evidence are whole"):
            for command in ("verify_audit", "verify_evidence"):
                said = made.manage(made.webs[1], "manage.py", command).strip().splitlines()
                _say(f"{command}: {said[-1] if said else 'said nothing'}")
        longest = self.longest_refusal()
        _say(f"nobody got a page for {longest:.1f} s at the longest")
        if longest > MOST_SECONDS:
            found.append(f"nobody got a page for {longest:.0f} s")
        return found

    def _say_done(self, seconds: dict[str, float]) -> None:
        _say("done after: " + ", ".join(f"{what} {after:.0f} s" for what, after in seconds.items()))

    def longest_refusal(self) -> float:
        """Return the longest time within which requests ended and none of them well (static files aside)."""
        ends = sorted(
            (each.at + each.seconds, each.is_lost)
            for each in self.ledger.asked
            if not each.path.startswith("/static/")
        )
        longest, last_well, seen_lost = 0.0, ends[0][0], False
        for end, is_lost in ends:
            if not is_lost:
                longest = max(longest, end - last_well) if seen_lost else longest
                last_well, seen_lost = end, False
            else:
                seen_lost = True
        return longest


def _first(people: list[DemoPerson], role: str) -> DemoPerson:
    return next(each for each in people if each.role == role)


def _beside_team(people: list[DemoPerson]) -> DemoPerson:
    """Return an officer or a coordinator who is not of the team."""
    team = team_of(people)
    return next(each for each in people if each.role in {"officer", "coordinator"} and each not in team)


def _say(sentence: str) -> None:
    print(f"    {sentence}", flush=True)


def main(arguments: list[str]) -> int:
    """Run the trial, print what it saw, and return 1 when something was lost."""
    parser = argparse.ArgumentParser(prog="make failover", description=__doc__)
    parser.add_argument(
        "--asynchronous", action="store_true", help="no commit waits for the replica: what is lost?"
    )
    parser.add_argument("--keep", action="store_true", help="keep the folder with all logs")
    chosen = parser.parse_args(arguments)
    go_inside("trials.failover", arguments)
    began = time.monotonic()
    with ExitStack() as until_done:
        folder = Path(tempfile.mkdtemp(prefix="jejak-failover-"))
        folder.chmod(0o755)
        if chosen.keep:
            print(f"Logs: {folder}")
        else:
            until_done.callback(shutil.rmtree, folder, ignore_errors=True)
        pair = Pair(folder)
        pair.first.start()
        until_done.callback(pair.stop)
        scanner = until_done.enter_context(Clamd((OFFICE, SCANNER_PORT)))
        threading.Thread(target=scanner.serve_forever, daemon=True).start()
        until_done.callback(scanner.shutdown)
        ministry = Ministry(folder, pair)
        until_done.callback(ministry.stop)
        trial = FailoverTrial(ministry, synchronous=not chosen.asynchronous)
        try:
            found = trial.run()
        except TrialFailed as failed:
            print(failed)
            return 1
    _report(trial.ledger, found, time.monotonic() - began)
    return 1 if found else 0


def _report(ledger: Ledger, found: list[str], seconds: float) -> None:
    saves = [
        each.seconds * 1000
        for each in ledger.asked
        if each.shape.endswith("/autosave/") and each.status == 200
    ]
    if len(saves) > 1:
        slowest = quantiles(saves, n=20)[-1]
        print(f"\n{len(saves)} drafts saved: median {median(saves):.0f} ms, 95 % within {slowest:.0f} ms.")
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(ledger.statuses().items()))
    print(f"{len(ledger.asked)} requests ({statuses}); {len(ledger.lost())} refused.")
    print(f"{ledger.accepted()} texts and files accepted, of which {len(found)} are lost or else wrong.")
    for sentence in found[:40]:
        print(f"  LOST: {sentence}")
    print(f"{seconds:.0f} s in all.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
