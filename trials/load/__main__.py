"""`make load`: hundreds of officers at their usual pace on this machine; how long pages take, and where the time goes."""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks import processes
from benchmarks.databases import Database, Databases
from benchmarks.server import Server, as_in_production, serving
from tracker.house.own_environment import own_environment
from tracker.processes import bound_to_parent
from trials.load.cpu import Spent, seconds_of
from trials.load.table import Growth, Row, lines, write_down

HERE = Path(__file__).resolve().parent
#: Each assignment has had fifty accepted updates: two reports a month for two years.
DATABASE = "one_cycle_50"
#: A year that was played act by act, with its log, and the same cycle before anybody reported.
HISTORY, EMPTY = "demonstration", "one_cycle"
#: So many people sign in each second, until all are there.
A_SECOND = 4


def main() -> int:
    """Print what was measured; return 1 where a request failed."""
    options = _options()
    locust = own_environment(HERE, "locust")
    with tempfile.TemporaryDirectory(prefix="jejak-load-") as name:
        databases = Databases(Path(name))
        with databases.running():
            databases.make([DATABASE, HISTORY], tell=lambda text: print(f"{text} …", flush=True))
            growth = Growth(_grown(databases.get(EMPTY)), _grown(databases.get(HISTORY)))
            database = as_in_production(databases.get(DATABASE))
            database = replace(database, more={**database.more, "TRUSTED_PROXIES": "1"})
            _make_people(database, options.officers)
            with serving(database) as server:
                rows, spent = _measure(server, locust, databases, options)
        said = [*lines(rows, spent, people=options.officers, minutes=options.minutes), "", growth.words()]
        for failure in _read(Path(name) / "load_failures.csv"):
            print(f"failed: {failure['Name']}, {failure['Occurrences']} times: {failure['Error']}")
    print("\n".join(said))
    if options.write:
        write_down(said)
    return 1 if any(row.failures for row in rows) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m trials.load", description=__doc__)
    parser.add_argument("--officers", type=int, default=500, help="how many people work at once (500)")
    parser.add_argument(
        "--minutes", type=int, default=5, help="for how long it is measured once all are there (5)"
    )
    parser.add_argument("--write", action="store_true", help="write the results into docs/scale.md")
    return parser.parse_args()


def _make_people(database: Database, officers: int) -> None:
    print("making the people …", flush=True)
    environment = database.environment(as_owner=True)
    people = processes.run(
        environment, "trials.load.officers", database.facts_file, officers, limit_seconds=120
    )
    _people_file(database.folder).write_text(json.dumps(people), encoding="utf-8")


def _grown(database: Database) -> dict[str, int]:
    """Return what `trials.load.growth` counts."""
    environment = database.environment(as_owner=True)
    return dict(processes.run(environment, "trials.load.growth", database.facts_file, limit_seconds=120))


def _people_file(folder: Path) -> Path:
    return folder / "people.json"


def _measure(
    server: Server, locust: Path, databases: Databases, options: argparse.Namespace
) -> tuple[list[Row], Spent]:
    """Let everybody come, forget what that took, and measure from there."""
    folder, postmaster = databases.folder, databases.postmaster_pid
    arriving = options.officers / A_SECOND
    print(
        f"{options.officers} people sign in within {arriving:.0f} s, then work for {options.minutes} min …",
        flush=True,
    )
    with _people_at_work(server, locust, folder, options) as clients:
        # Locust starts counting anew when the last one has come.
        time.sleep(arriving + 10)
        before = seconds_of(web=server.process.pid, database=postmaster, clients=clients.pid)
        began = time.monotonic()
        time.sleep(options.minutes * 60)
        after = seconds_of(web=server.process.pid, database=postmaster, clients=clients.pid)
        spent = Spent.between(before, after, seconds=time.monotonic() - began)
        if clients.wait(120) not in (0, 1):
            raise SystemExit(f"Locust ended with {clients.returncode}: see {folder / 'locust.log'}.")
    return [Row.of(each) for each in _read(folder / "load_stats.csv")], spent


def _read(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@contextmanager
def _people_at_work(
    server: Server, locust: Path, folder: Path, options: argparse.Namespace
) -> Iterator[subprocess.Popen[bytes]]:
    seconds = int(options.officers / A_SECOND) + options.minutes * 60 + 15
    command = [str(locust), "--locustfile", str(HERE / "locustfile.py"), "--headless", "--only-summary"]
    command += ["--host", f"http://127.0.0.1:{server.port}", "--csv", str(folder / "load"), "--reset-stats"]
    command += ["--users", str(options.officers), "--spawn-rate", str(A_SECOND), "--run-time", f"{seconds}s"]
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment |= {"PEOPLE": str(_people_file(folder)), "PYTHONDONTWRITEBYTECODE": "1"}
    with (folder / "locust.log").open("wb") as log:
        process = subprocess.Popen(bound_to_parent(command), env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            processes.end(process, asked=process.poll() is not None)


if __name__ == "__main__":
    sys.exit(main())
