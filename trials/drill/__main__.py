"""`make drill`: back up, destroy, restore to an empty host, prove; prints a dated report, and ends with 1 where a step failed."""

from __future__ import annotations

import argparse
import json
import re
import secrets
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import processes
from trials.drill.hosts import DrillHost, Store, as_postgres
from trials.drill.report import DrillReport
from trials.releases import TrialFailed

#: The restore must be done by then, in seconds.
MOST_SECONDS = 30 * 60
#: What is deleted by mistake, and is to be there again.
_DELETED = 1_000
#: Fewer updates are those of one year.
_LEAST_OF_TEN_YEARS = 12_000
#: About so many assignments has one year, with as many updates each.
_ASSIGNMENTS = 103
_COUNTS = (
    "SELECT (SELECT count(*) FROM recommendations_update) || ' updates, ' || (SELECT count(*) FROM evidence_document) "
    "|| ' files, ' || (SELECT count(*) FROM audit_event) || ' events'"
)
_DELETE = (
    "SET session_replication_role = replica; "
    "DELETE FROM recommendations_update WHERE id IN (SELECT id FROM recommendations_update ORDER BY id LIMIT {count})"
)
_HEAD = re.compile(r"\d+:[0-9a-f]{64}")


def main() -> int:
    """Do the drill in a folder of its own, which goes afterwards; write the report and return 0 or 1."""
    options = _options()
    report = DrillReport("Jejak: drill of backup and restore")
    with tempfile.TemporaryDirectory(prefix="jejak-drill-", dir=options.folder) as name:
        folder = Path(name)
        # PostgreSQL's own user works in folders below it.
        folder.chmod(0o755)
        drill = Drill(report, folder, files=options.files, updates=options.updates)
        try:
            drill.perform()
        except TrialFailed as error:
            print(error, file=sys.stderr)
        finally:
            drill.end()
    path = report.write(options.report)
    print(report.text())
    print(f"{len(report.steps)} steps; the report is {path}")
    print(f"The drill {'passed' if report.is_good else 'FAILED'}.")
    return 0 if report.is_good else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m trials.drill", description=__doc__)
    parser.add_argument("--files", type=int, default=10_000, help="so many files (10,000)")
    parser.add_argument("--updates", type=int, default=210_000, help="so many updates (210,000)")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="where the hosts are made")  # noqa: S108 - the system's own place
    parser.add_argument("--report", type=Path, default=Path("drills"), help="the folder of the report")
    return parser.parse_args()


class Drill:
    """The drill: host A lives and dies, host B is empty and takes over; the store outlives both."""

    def __init__(self, report: DrillReport, folder: Path, *, files: int, updates: int) -> None:
        self.report, self.files, self.updates = report, files, updates
        self.store = Store(folder / "store")
        self.lost, self.new = (
            DrillHost(folder / "host-a", self.store),
            DrillHost(folder / "host-b", self.store),
        )
        self.head, self.counts, self.second = "", "", ""

    def perform(self) -> None:
        """Do all steps in their order. Raises TrialFailed at the first that does not hold."""
        self._seed()
        self._back_up()
        self._go_on_and_delete()
        self._destroy()
        self._restore()
        self._prove()
        self._harm_and_mend()
        self._release()
        self._restore_newest()

    def end(self) -> None:
        """Stop what still runs."""
        for host in (self.lost, self.new):
            host.stop()

    def _do(self, host: DrillHost, act: str, *arguments: object, as_owner: bool = False) -> Any:
        database = host.database
        try:
            return processes.run(
                database.environment(as_owner=as_owner),
                "trials.drill.child",
                database.facts_file,
                act,
                *arguments,
                limit_seconds=600,
            )
        except processes.ChildFailed as error:
            raise TrialFailed(str(error)) from error

    def _seed(self) -> None:
        host = self.lost
        with self.report.step("A host with a history of years") as step:
            self.store.set_up(secrets.token_hex(24))
            host.set_up()
            host.start_new_database()
            host.run(*as_postgres(["pgbackrest", "--stanza=jejak", "stanza-create"]))
            host.database.facts_file.write_text("{}", encoding="utf-8")
            # The seeds play their years by the clock of a demonstration, as tests do.
            host.python("-m", "tests.template", as_owner=True)
            try:
                for seed, *arguments in self._seeds():
                    found = host.database.run(f"seeds.{seed}", *arguments, limit_seconds=900, as_owner=True)
                    host.database.facts_file.write_text(
                        json.dumps(host.database.facts | (found or {})), encoding="utf-8"
                    )
            except processes.ChildFailed as error:
                raise TrialFailed(str(error)) from error
            size = self._do(host, "files", self.files, "first", as_owner=True)
            self.waiting = self._do(host, "mails")
            self.counts = host.sql(_COUNTS, database="jejak")
            self.report.figures["Seeded"] = f"{self.counts}; {size / 1e6:,.0f} MB of files"
            step.expect(self.waiting > 0, f"{self.counts}; {self.waiting} e-mails wait")

    def _seeds(self) -> list[tuple[object, ...]]:
        """Return the seeds that make so many updates: of ten years, or for a small try of one."""
        if self.updates < _LEAST_OF_TEN_YEARS:
            return [("one_cycle",), ("updates", max(self.updates // _ASSIGNMENTS, 1))]
        return [("ten_cycles",), ("histories", self.updates)]

    def _back_up(self) -> None:
        host = self.lost
        host.run("restic", "init", "--quiet")
        with self.report.step(
            "The database is backed up whole, encrypted", "deploy/backup/database.sh"
        ) as step:
            host.script("database.sh")
            step.seen = _size_of(self.store.folder / "database")
        with self.report.step("The files are backed up, encrypted", "deploy/backup/files.sh") as step:
            host.script("files.sh")
            step.seen = _size_of(self.store.folder / "files")
        with self.report.step("Jejak knows of both backups", "manage.py record_backups") as step:
            said = host.manage("record_backups")
            step.expect(said.startswith("2 "), said.strip())

    def _go_on_and_delete(self) -> None:
        host = self.lost
        with self.report.step(
            "Work goes on; what is new is backed up", "deploy/backup/database.sh; deploy/backup/files.sh"
        ):
            self._do(host, "files", max(self.files // 100, 1), "second", as_owner=True)
            host.script("database.sh")
            self._do(host, "files", max(self.files // 100, 1), "third", as_owner=True)
            said = host.manage("verify_audit")
            self.head = _found(_HEAD, said)
            self.counts = host.sql(_COUNTS, database="jejak")
        with self.report.step(
            f"{_DELETED:,} updates are deleted by mistake", "DELETE FROM recommendations_update …"
        ) as step:
            time.sleep(1.1)
            self.second = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}+00"
            time.sleep(1.1)
            host.sql(_DELETE.format(count=_DELETED), database="jejak")
            host.script("files.sh")
            host.sql("SELECT pg_switch_wal()")
            archived = (
                "SELECT archived_count || ' pieces, ' || failed_count || ' failures' FROM pg_stat_archiver"
            )
            time.sleep(2)
            step.seen = f"the second before: {self.second}; archived: {host.sql(archived)}"

    def _destroy(self) -> None:
        with self.report.step("The host is destroyed", "pg_ctl --mode immediate stop; rm -r …") as step:
            self.lost.destroy()
            step.expect(not self.lost.folder.exists(), "database and files are gone")

    def _restore(self) -> None:
        host = self.new
        host.set_up()
        host.database.facts_file.write_text("{}", encoding="utf-8")
        how = f"deploy/backup/restore.sh --to '{self.second}'"
        with self.report.step(
            "An empty host is restored to the second before the deletion, in less than 30 minutes", how
        ) as step:
            began = time.monotonic()
            host.script("restore.sh", "--to", self.second)
            took = time.monotonic() - began
            self.report.figures["Restored within"] = f"{took:.0f} s (at most {MOST_SECONDS} s)"
            step.expect(took < MOST_SECONDS, f"{took:.0f} s")
        with self.report.step(
            "Everything is there that was there in that second", "SELECT count(*) …"
        ) as step:
            counts = host.sql(_COUNTS, database="jejak")
            step.expect(counts == self.counts, f"{counts} (before: {self.counts})")

    def _prove(self) -> None:
        host = self.new
        with self.report.step("E-mail is held back", "a turn of sending") as step:
            sent, files = self._do(host, "send"), len(list(host.mails.iterdir()))
            step.expect(sent == files == 0, f"{sent} sent of {self.waiting} that wait")
        with self.report.step(
            "The log is whole up to the head that was kept",
            f"manage.py verify_audit --head {self.head[:20]}…",
        ) as step:
            step.seen = host.manage("verify_audit", "--head", self.head)
        with self.report.step("All files are what was received", "manage.py verify_evidence") as step:
            step.seen = _last_line(host.manage("verify_evidence"))

    def _harm_and_mend(self) -> None:
        host = self.new
        (flipped, its_path), (missing, other_path) = self._do(host, "places")
        with self.report.step(
            "A flipped byte and a missing file are found and named", "manage.py verify_evidence"
        ) as step:
            _flip(Path(its_path))
            Path(other_path).unlink()
            said = host.manage("verify_evidence", ends_with=1)
            named = [line for line in said.splitlines() if line.startswith("document ")]
            wanted = {f"document {flipped}: differs", f"document {missing}: missing"}
            step.expect({line.split(" (")[0] for line in named} == wanted, "; ".join(named))
        with self.report.step("Both come back from the backup", "restic restore latest --include …") as step:
            for path in (its_path, other_path):
                place = f"/{Path(path).relative_to(host.media)}"
                host.run(
                    "restic", "restore", "latest", "--quiet", "--target", str(host.media), "--include", place
                )
            step.seen = _last_line(host.manage("verify_evidence"))

    def _release(self) -> None:
        host = self.new
        with self.report.step("Released, e-mail leaves", "manage.py release_mail") as step:
            host.manage("release_mail")
            sent = self._do(host, "send")
            files = len(list(host.mails.iterdir()))
            step.expect(sent == files and sent >= self.waiting, f"{sent} sent")

    def _restore_newest(self) -> None:
        host = self.new
        with self.report.step(
            "The new host works on and is backed up", "deploy/backup/database.sh; deploy/backup/files.sh"
        ) as step:
            self._do(host, "files", max(self.files // 100, 1), "fourth", as_owner=True)
            counts = host.sql(_COUNTS, database="jejak")
            # The backup of the files counts from the second in which it begins.
            time.sleep(1.1)
            host.script("database.sh")
            host.script("files.sh")
            step.seen = f"{counts}; {host.manage('record_backups').strip()}"
        with self.report.step(
            "It is put back to the newest moment of which every file is backed up",
            "deploy/backup/restore.sh --over",
        ) as step:
            said = _last_line(host.script("restore.sh", "--over").split("Restored,")[0])
            found = host.sql(_COUNTS, database="jejak")
            step.expect(found == counts, f"{said}; {found} (before: {counts})")
        with self.report.step(
            "E-mail is held back again, and no file is missing",
            "a turn of sending; manage.py verify_evidence",
        ) as step:
            sent = self._do(host, "send")
            step.expect(sent == 0, f"{sent} sent; {_last_line(host.manage('verify_evidence'))}")


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    if found is None:
        raise TrialFailed(f"nothing like {pattern.pattern} in: {text}")
    return found[0]


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1]


def _size_of(folder: Path) -> str:
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return f"{size / 1e6:,.1f} MB in the store"


if __name__ == "__main__":
    sys.exit(main())
