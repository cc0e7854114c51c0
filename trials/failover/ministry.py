"""`python -m trials.failover`: while twenty people work, the database falls and its replica takes over, then a web host falls.

It ends with 1 when something that was accepted is gone, or pages were refused for longer than half a minute.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles
from threading import Event
from urllib.parse import unquote, urlsplit

from attacks.browser import Browser
from attacks.instance import HOST, DemoPerson, Site, write_certificate
from tests.tracker.pool import free_port
from tracker.house.programs import PROGRAMS
from trials.comparison import missing, wrong_files
from trials.failover.databases import Pair, SwitchedPool
from trials.failover.hosts import Host, go_inside, host
from trials.front import Front
from trials.ledger import Ledger
from trials.officers import OfficerAtWork, team_of
from trials.releases import BASE, TrialFailed, kept_environment, this_tree
from trials.running import Service, status_of, wait_until

#: Pages may be refused for so long.
MOST_SECONDS = 30.0
#: Whoever watches notices, and decides, after so long; then the replica is promoted.
NOTICED_SECONDS = 8.0
_WORK_SECONDS = 20.0
WEB_PORT, POOL_PORT, BROKER_PORT = 8000, 6432, 6379


class Ministry:
    """Everything that runs, on the machine and on its hosts."""

    def __init__(self, folder: Path, pair: Pair, hosts: list[Host]) -> None:
        self.folder, self.pair, self.hosts, self.tree = folder, pair, hosts, this_tree()
        tls_port, http_port = free_port(), free_port()
        self.site = Site(folder, 0, tls_port)
        self.front = Front(folder, tls_port=tls_port, http_port=http_port)
        web = urlsplit(pair.first.web_url)
        self.role, self.password = web.username or "", web.password or ""
        self.pool = SwitchedPool(folder / "pool", POOL_PORT, user=self.role, password=unquote(self.password))
        self.services: dict[str, Service] = {}

    def environment(self, place: str = "", *, as_owner: bool = False, **more: str) -> dict[str, str]:
        """Return the settings of a process that reaches pool and broker there; of the owner past the pool."""
        if as_owner:
            database = {
                "DATABASE_URL": self.pair.first.web_url,
                "DATABASE_OWNER_URL": self.pair.first.owner_url,
            }
        else:
            pooled = f"postgres://{self.role}:{self.password}@{place}:{POOL_PORT}/jejak"
            database = {"DATABASE_URL": pooled, "DATABASE_POOLED": "true"}
        return kept_environment() | database | {
            "ENV_FILE": "",
            "STATE_DIR": str(self.folder / "state"),
            "ENVIRONMENT": "development",
            "DEMO": "true",
            "HTTPS": "true",
            "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
            "SITE_URL": self.site.origin,
            "TRUSTED_PROXIES": "1",
            "SECRET_KEY": "only-for-this-trial-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
            "BROKER_URL": f"redis://{place or '127.0.0.1'}:{BROKER_PORT}/0",
            "EMAIL_URL": f"file://{self.folder}/mail",
            "SCANNER": "none",
            # Both hosts share it, as over a network file system.
            "MEDIA_ROOT": str(self.folder / "media"),
            "STATIC_ROOT": str(self.folder / "static"),
            "PROOF_MINUTES": "60",
            "WEB_WORKERS": "1",
            "PYTHONUNBUFFERED": "1",
        } | more  # fmt: skip

    def log(self, name: str) -> Path:
        """Return the log of a process."""
        return self.folder / f"{name.replace(' ', '-')}.log"

    def prepare(self) -> list[DemoPerson]:
        """Make tables and demonstration on the first server; return who can sign in."""
        owner, people = self.environment(as_owner=True), self.folder / "people"
        for arguments in (
            ("-m", "tracker.translations"),
            ("-m", "tracker.entry", "migrate"),
            ("manage.py", "seed_demo", "--people-file", str(people)),
            ("manage.py", "collectstatic", "--no-input"),
        ):
            self.tree.run(*arguments, environment=owner, log=self.log("setup"))
        lines = people.read_text(encoding="utf-8").splitlines()
        return [DemoPerson(*line.split("\t")) for line in lines if line.strip()]

    def start(self) -> None:
        """Start pool, broker, both hosts and nginx."""
        self.pool.lead_to(self.pair.first_socket)
        self.pool.start()
        self.services["pgbouncer"] = self.pool.service
        valkey = PROGRAMS["valkey"].find()
        if valkey is None:
            raise TrialFailed("There is no Valkey on this machine.")
        broker = [valkey, "--port", str(BROKER_PORT), "--save", "", "--dir", str(self.folder)]
        # Reached from this machine's own hosts, and from nowhere else.
        broker += ["--bind", "0.0.0.0", "--protected-mode", "no"]  # noqa: S104 - see above
        self._start("valkey", broker, kept_environment())
        for each in self.hosts:
            self.start_host(each)
        beat = [self.tree.python, "-m", "tracker.entry", "beat"]
        self._start(
            "beat", beat, self.environment("127.0.0.1", BEAT_SCHEDULE=str(self.folder / "beat-schedule"))
        )
        self.services["nginx"] = self.front.service([f"{each.address}:{WEB_PORT}" for each in self.hosts])
        self.services["nginx"].start()
        wait_until(self._is_open, "nginx", within=20, meanwhile=self.services["nginx"].demand)

    def _is_open(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.site.tls_port)) == 0

    def start_host(self, each: Host) -> None:
        """Start web and worker of a host, and wait until the web answers."""
        for name in ("web", "worker"):
            command = each.command([self.tree.python, "-m", "tracker.entry", name])
            more = {"HOST": each.address, "PORT": str(WEB_PORT)} if name == "web" else {}
            self._start(f"{name} {each.number}", command, self.environment(each.way_out, **more))
        wait_until(
            lambda: status_of(each.address, WEB_PORT, "/health/") == 200,
            f"web {each.number}",
            within=90,
            meanwhile=self.services[f"web {each.number}"].demand,
        )

    def kill_host(self, each: Host) -> None:
        """End everything on a host without a word."""
        for name in ("web", "worker"):
            process = self.services[f"{name} {each.number}"].process
            assert process is not None
            signal_group(process.pid)
            process.wait()

    def _start(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.services[name] = Service(name, command, environment, BASE, self.log(name))
        self.services[name].start()

    def stop(self) -> None:
        """End everything."""
        for service in reversed(self.services.values()):
            if service.runs:
                service.stop()


def signal_group(pid: int) -> None:
    """Kill a process and all that it started."""
    os.killpg(pid, signal.SIGKILL)


class Trial:
    """The steps."""

    def __init__(self, ministry: Ministry, *, synchronous: bool) -> None:
        self.ministry, self.synchronous = ministry, synchronous
        self.ledger, self.stop = Ledger(), Event()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Print a step when it ends, with what people met meanwhile."""
        self.ledger.step, began, before = title, time.monotonic(), len(self.ledger.asked)
        yield
        asked = self.ledger.asked[before:]
        said = f"{title:<60} {time.monotonic() - began:6.1f} s"
        if asked:
            lost = sum(each.is_lost for each in asked)
            slowest = max(each.seconds for each in asked)
            said += f"  {len(asked):5} requests, {lost} refused, slowest {slowest:.2f} s"
        print(said, flush=True)

    def run(self) -> list[str]:
        """Do all steps; return what was lost, as sentences."""
        made = self.ministry
        with self.step("Tables and people"):
            people = made.prepare()
        with self.step(
            f"A replica follows ({'each commit waits for it' if self.synchronous else 'nobody waits'})"
        ):
            made.pair.follow(synchronous=self.synchronous)
        with self.step("Two hosts with a web and a worker each, pool, broker, nginx"):
            made.start()
        team = [
            OfficerAtWork(made.site, person, self.ledger, self.stop, number=number)
            for number, person in enumerate(team_of(people))
        ]
        for officer in team:
            officer.start()
        try:
            self._faults()
        finally:
            self.stop.set()
            for officer in team:
                officer.join(90)
        return self._compare(people)

    def _faults(self) -> None:
        made = self.ministry
        with self.step("Twenty people work"):
            time.sleep(_WORK_SECONDS)
        self.ledger.may_refuse = True
        fell = time.monotonic()
        with self.step("The database's machine falls; the replica takes over"):
            made.pair.fall()
            time.sleep(NOTICED_SECONDS)
            made.pair.promote()
            made.pool.lead_to(made.pair.socket)
            promoted = time.monotonic() - fell
        print(
            f"    noticed after {NOTICED_SECONDS:.0f} s, writable and the pool led there after {promoted:.1f} s",
            flush=True,
        )
        with self.step("Twenty people go on"):
            time.sleep(_WORK_SECONDS)
        second = made.hosts[1]
        with self.step("The second web host falls"):
            made.kill_host(second)
            time.sleep(_WORK_SECONDS / 2)
        with self.step("It comes back"):
            made.start_host(second)
            time.sleep(_WORK_SECONDS / 2)

    def _compare(self, people: list[DemoPerson]) -> list[str]:
        made = self.ministry
        self.ledger.may_refuse = False
        administrator = Browser(made.site)
        with self.step("Comparing what was accepted with what is there"):
            administrator.sign_in(next(each for each in people if each.role == "administrator"))
            owner = made.pair.url_of_replica(made.pair.first.owner_url)
            found = [
                *self.ledger.wrongs,
                *missing(owner, self.ledger),
                *wrong_files(self.ledger, administrator),
            ]
        with self.step("The chain of the audit trail is whole"):
            made.tree.run(
                "manage.py", "verify_audit", environment=made.environment("127.0.0.1"), log=made.log("setup")
            )
        longest = self.longest_refusal()
        print(f"    nobody got a page for {longest:.1f} s at the longest", flush=True)
        if longest > MOST_SECONDS:
            found.append(f"nobody got a page for {longest:.0f} s")
        return found

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


def main(arguments: list[str]) -> int:
    """Run the trial, print what it saw, and return 1 when something was lost."""
    parser = argparse.ArgumentParser(prog="make failover", description=__doc__)
    parser.add_argument(
        "--asynchronous", action="store_true", help="no commit waits for the replica: what is lost?"
    )
    chosen = parser.parse_args(arguments)
    go_inside("trials.failover", arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="jejak-failover-") as name, ExitStack() as until_done:
        folder = Path(name)
        for each in ("media", "mail", "state", "pages"):
            (folder / each).mkdir()
        folder.chmod(0o755)
        shutil.copytree(BASE / "deploy/nginx/pages", folder / "pages", dirs_exist_ok=True)
        write_certificate(folder)
        pair = Pair(folder)
        pair.first.start()
        until_done.callback(pair.stop)
        hosts = [until_done.enter_context(host(number)) for number in (1, 2)]
        ministry = Ministry(folder, pair, hosts)
        until_done.callback(ministry.stop)
        trial = Trial(ministry, synchronous=not chosen.asynchronous)
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
        print(
            f"\n{len(saves)} drafts saved: median {median(saves):.0f} ms, 95 % within {quantiles(saves, n=20)[-1]:.0f} ms."
        )
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(ledger.statuses().items()))
    print(f"{len(ledger.asked)} requests ({statuses}); {len(ledger.lost())} refused.")
    print(f"{ledger.accepted()} texts and files accepted, of which {len(found)} are lost or else wrong.")
    for sentence in found[:40]:
        print(f"  LOST: {sentence}")
    print(f"{seconds:.0f} s in all.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
