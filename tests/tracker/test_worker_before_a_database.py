"""The database stands still while the worker has mails and a scan in hand: it waits, goes on, and does nothing twice."""

from __future__ import annotations

import json
import os
import re
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from psycopg2 import sql

from accounts import tasks as mails
from tests.databases import BASE, named
from tests.evidence.fake_clamd import Clamd, running_clamd
from tests.tracker.test_database_away import OwnServer, server
from tests.tracker.test_queues import broker_of, said, wait_for, working
from trials.install.mail_server import MailTalk

pytestmark = pytest.mark.long

__all__ = ["server"]


class HeldTalk(MailTalk):
    """Takes a text, and says so once it is let."""

    server: HeldMailServer

    def _say(self, line: str) -> None:
        if line.startswith("250 taken"):
            self.server.in_hand += 1
            self.server.gate.wait(60)
        super()._say(line)


class HeldMailServer(socketserver.ThreadingTCPServer):
    """`in_hand` counts the texts that came; nobody is answered before the gate opens."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), HeldTalk)
        self.in_hand = 0
        self.gate = threading.Event()


@pytest.fixture
def mail_server() -> Iterator[HeldMailServer]:
    with HeldMailServer() as made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.gate.set()
        made.shutdown()


@pytest.fixture
def clamd(mail_server: HeldMailServer) -> Iterator[tuple[Clamd, str]]:
    """A scanner that answers when the mail server does."""
    with running_clamd() as (made, address):
        answer = made.answer

        def held(content: bytes) -> bytes:
            if content.startswith(b"%PDF"):
                mail_server.gate.wait(60)
            return answer(content)

        made.answer = held  # type: ignore[method-assign]
        yield made, address


def documents(scanner: Clamd) -> int:
    """How many documents it was given; the worker also asks how much it takes."""
    return sum(content.startswith(b"%PDF") for content in scanner.scanned)


class OwnWork:
    """Work that was asked for on a server of its own, and what became of it."""

    def __init__(
        self, server: OwnServer, folder: Path, environment: dict[str, str], more: Sequence[str]
    ) -> None:
        self.server = server
        done = subprocess.run(
            [sys.executable, "-m", "tests.tracker.work_in_hand", *more],
            cwd=BASE,
            env=os.environ | environment | {"BROKER_URL": f"filesystem://{folder / 'broker'}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        self.asked: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])

    def ask(self, question: str) -> list[Any]:
        """Return the first column of a query, which may also change rows."""
        connection = psycopg2.connect(named(self.server.cluster.superuser_url, self.server.name))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(question)
                return [row[0] for row in cursor.fetchall()]
        finally:
            connection.close()

    @contextmanager
    def locked(self, table: str) -> Iterator[None]:
        """Nobody else reads or writes this table."""
        connection = psycopg2.connect(named(self.server.cluster.superuser_url, self.server.name))
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier(table))
                )
            yield
        finally:
            connection.close()

    @property
    def scanned(self) -> list[str]:
        return self.ask(f"SELECT scan_state FROM evidence_document WHERE id = {self.asked['document']}")

    @property
    def summary(self) -> list[str]:
        """State, number of attempts and id of the only summary."""
        return self.ask("SELECT unnest(ARRAY[state, attempts_count::text, id::text]) FROM reports_report")

    def events(self, action: str, about: int | str) -> int:
        """How often this happened to this thing."""
        asked = f"SELECT count(*) FROM audit_event WHERE action = '{action}' AND object_id = '{about}'"
        return int(self.ask(asked)[0])

    @property
    def links_waiting(self) -> list[int]:
        return self.ask("SELECT id FROM accounts_askedmail")

    @property
    def notice(self) -> list[str]:
        """The state of the newest mail, and the outcomes of its attempts."""
        newest = "SELECT max(id) FROM reminders_delivery"
        outcomes = f"SELECT outcome FROM reminders_attempt WHERE delivery_id = ({newest})"
        return [*self.ask(f"SELECT state FROM reminders_delivery WHERE id = ({newest})"), *self.ask(outcomes)]


@contextmanager
def at_work(
    server: OwnServer,
    folder: Path,
    mail_server: HeldMailServer,
    address: str,
    *,
    limits: Mapping[str, str] | None = None,
    asks: Sequence[str] = (),
    **more: Any,
) -> Iterator[OwnWork]:
    """A worker that has two mails and a scan in hand; `limits` are those of its statements."""
    environment = {
        **(limits or {}),
        "DATABASE_URL": server.web_url,
        "MEDIA_ROOT": str(folder / "media"),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.server_address[1]}",
        "STATE_DIR": str(folder),
        "SCANNER": "clamav",
        "CLAMD_ADDRESS": address,
    }
    with working(folder, server, address, environment=environment, **more):
        yield OwnWork(server, folder, environment, asks)


def test_work_in_hand_goes_on_once(
    server: OwnServer, tmp_path: Path, mail_server: HeldMailServer, clamd: tuple[Clamd, str]
) -> None:
    """Two mails, a scan, and a summary, whose lease is not renewed meanwhile: the same attempt goes on."""
    scanner, address = clamd
    may_end = tmp_path / "may-end"
    program = [sys.executable, "-m", "tests.tracker.held_summaries", str(may_end)]
    with at_work(server, tmp_path, mail_server, address, program=program, asks=["summary"]) as work:
        wait_for(lambda: (mail_server.in_hand, documents(scanner)) == (2, 1), tmp_path)
        wait_for(lambda: work.summary[0] == "making", tmp_path)
        with server.stopped():
            mail_server.gate.set()
            may_end.touch()
            # Longer than pages wait, and than a connection may take to come about.
            threading.Event().wait(8)
        wait_for(lambda: not work.links_waiting, tmp_path)
        wait_for(lambda: work.scanned == ["clean"], tmp_path)
        wait_for(lambda: work.notice == ["sent", "sent"], tmp_path)
        wait_for(lambda: work.summary[0] == "ready", tmp_path)
        assert (mail_server.in_hand, documents(scanner)) == (2, 1)
        assert work.events("document.scanned", work.asked["document"]) == 1
        assert work.summary[1] == "1", "attempts"
        assert work.events("report.made", work.summary[2]) == 1


def test_work_that_waits_for_too_long_is_ended_and_found_again(
    server: OwnServer, tmp_path: Path, mail_server: HeldMailServer, clamd: tuple[Clamd, str]
) -> None:
    """A mail that had just left is sent again: nobody wrote down that it had. Nothing is lost, and the queue goes on."""
    program = [sys.executable, "-m", "tests.tracker.short_limits", "4"]
    with (
        at_work(server, tmp_path, mail_server, clamd[1], program=program) as work,
        broker_of(tmp_path) as broker,
    ):
        wait_for(lambda: mail_server.in_hand == 2, tmp_path)
        with server.stopped():
            mail_server.gate.set()
            wait_for(lambda: "Hard time limit" in said(tmp_path), tmp_path, 30)
        assert len(work.links_waiting) == 1
        work.ask("UPDATE accounts_askedmail SET next_attempt_at = asked_at RETURNING id")
        broker.send_task(mails.send_waiting_mails.name, ignore_result=True)
        wait_for(lambda: not work.links_waiting, tmp_path)
        assert mail_server.in_hand == 3


def test_lock_that_does_not_come_ends_the_task_and_not_the_worker(
    server: OwnServer, tmp_path: Path, mail_server: HeldMailServer, clamd: tuple[Clamd, str]
) -> None:
    limits = {"DATABASE_WORK_LOCK_SECONDS": "1"}
    mail_server.gate.set()
    with (
        at_work(server, tmp_path, mail_server, clamd[1], limits=limits) as work,
        broker_of(tmp_path) as broker,
    ):
        wait_for(lambda: not work.links_waiting and work.scanned == ["clean"], tmp_path)
        with work.locked("accounts_askedmail"):
            broker.send_task(mails.send_waiting_mails.name, ignore_result=True)
            wait_for(lambda: "lock timeout" in said(tmp_path), tmp_path, 10)
        broker.send_task(mails.send_waiting_mails.name, ignore_result=True)
        done = r"send_waiting_mails\[[^]]+\] succeeded"
        wait_for(lambda: re.search(done, said(tmp_path)), tmp_path, 10)
