"""Queues of their own: a scanner that hangs keeps no mail waiting, and no message runs that is not JSON."""

import base64
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from celery import Celery
from django.conf import settings

from accounts import tasks as mails
from accounts.roles import Role
from evidence.queue import SCAN_TASK
from installation.queues import DEFAULT_QUEUE, QUEUES
from tests.accounts.test_shared_cache import Bomb
from tests.conftest import WorkerDatabase
from tests.factories.accounts import make_agency, make_person
from tests.factories.evidence import make_document
from tracker.celery import app
from tracker.processes import is_alive
from tracker.workers import works_on

BASE = Path(__file__).resolve().parent.parent.parent


def queue_of(task: str) -> str:
    return str(app.amqp.router.route({}, task)["queue"].name)


def test_every_task_goes_to_a_queue_that_a_worker_reads() -> None:
    app.loader.import_default_modules()
    ours = [name for name in app.tasks if not name.startswith("celery.")]
    names = {queue.name for queue in QUEUES}
    assert ours and {queue_of(name) for name in ours} == names
    assert queue_of("accounts.tasks.send_reset_link") == "mails"
    assert queue_of("evidence.tasks.scan_document") == "files"
    assert queue_of("evidence.tasks.extract_waiting") == "files"
    assert queue_of("reports.tasks.make_waiting") == "summaries"
    assert queue_of("tracker.tasks.forget_ended_sessions") == DEFAULT_QUEUE
    assert {queue_of(entry["task"]) for entry in app.conf.beat_schedule.values()} <= names


def test_each_queue_has_limits_and_a_setting() -> None:
    services = yaml.safe_load((BASE / "docker-compose.yml").read_text())["services"]
    for queue in QUEUES:
        assert 0 < queue.soft_seconds < queue.hard_seconds <= 20 * 60
        assert getattr(settings, queue.setting) >= 1
    assert f"-ge {len(QUEUES)}" in services["worker"]["healthcheck"]["test"][1]


class HangingScanner:
    """Accepts connections and never answers."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "{}:{}".format(*self.listener.getsockname())
        self.held: list[socket.socket] = []
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self) -> None:
        while True:
            try:
                self.held.append(self.listener.accept()[0])
            except OSError:
                return

    def close(self) -> None:
        if self.listener.fileno() >= 0:
            self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.listener.close()
        for connection in self.held:
            connection.close()


@contextmanager
def working(
    folder: Path,
    database: Any,
    scanner: str,
    *,
    environment: Mapping[str, str] | None = None,
    program: Sequence[str] = (sys.executable, "-m", "tracker.entry", "worker"),
) -> Iterator["subprocess.Popen[bytes]"]:
    """The product's worker, with a broker of folders and mails as files; `environment` has the last word."""
    broker = folder / "broker"
    broker.mkdir()
    given = os.environ | {
        "DATABASE_URL": database.web_url,
        "STATE_DIR": str(folder),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "BROKER_URL": f"filesystem://{broker}",
        "EMAIL_URL": f"file://{folder / 'mail'}",
        "SCANNER": "clamav",
        "CLAMD_ADDRESS": scanner,
        "PYTHONUNBUFFERED": "1",
        **(environment or {}),
    }
    given.pop("DATABASE_OWNER_URL", None)
    with (folder / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            program,
            cwd=BASE,
            env=given,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_for(lambda: said(folder).count(" ready.") == len(QUEUES), folder)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


def said(folder: Path) -> str:
    return (folder / "worker.log").read_text(errors="replace")


def wait_for(true: Any, folder: Path, seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, said(folder)[-3_000:]
        time.sleep(0.05)


@contextmanager
def broker_of(folder: Path) -> Iterator[Celery]:
    """A client of the same broker."""
    path = str(folder / "broker")
    options = {"data_folder_in": path, "data_folder_out": path, "control_folder": f"{path}/control"}
    with Celery(broker="filesystem://", set_as_current=False) as client:
        client.conf.update(
            broker_transport_options=options,
            task_routes=settings.CELERY_TASK_ROUTES,
            task_default_queue=DEFAULT_QUEUE,
        )
        yield client


def plant_pickle(folder: Path, file: Path) -> None:
    """A message as the broker's folder holds it, with a task's arguments as a pickle."""
    body = base64.b64encode(pickle.dumps(((Bomb(file),), {}, {}))).decode()
    headers = {"lang": "py", "task": "accounts.tasks.send_reset_link", "id": str(uuid.uuid4())}
    message = {
        "body": body,
        "content-encoding": "binary",
        "content-type": "application/x-python-serialize",
        "headers": headers,
        "properties": {
            "body_encoding": "base64",
            "delivery_info": {"exchange": "", "routing_key": "mails"},
            "delivery_mode": 2,
            "delivery_tag": str(uuid.uuid4()),
        },
    }
    (folder / "broker" / f"0_{uuid.uuid4()}.mails.msg").write_text(json.dumps(message))


def descendants(pid: int) -> list[int]:
    found = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, tasks.read_text().split()):
            found += [child, *descendants(child)]
    return found


@pytest.mark.long
def test_mail_goes_out_while_the_scanner_hangs(
    real_db: WorkerDatabase, now: datetime, tmp_path: Path, settings: Any
) -> None:
    """More scans hang than run at once; a link to a new password arrives meanwhile. A pickle in its queue is dropped."""
    agency = make_agency("JTK")
    officer, coordinator = make_person(Role.OFFICER, agency), make_person(Role.COORDINATOR, agency)
    many = [make_person(Role.OFFICER, agency) for _ in range(20)]
    documents = [make_document(agency, actor=officer, now=now, name=f"{number}.pdf") for number in range(4)]
    scanner = HangingScanner()
    try:
        with working(tmp_path, real_db, scanner.address) as process, broker_of(tmp_path) as broker:
            for document in documents:
                broker.send_task(SCAN_TASK, args=[document.pk], ignore_result=True)
            wait_for(lambda: len(scanner.held) >= settings.WORKER_FILES, tmp_path)
            plant_pickle(tmp_path, tmp_path / "ran")
            began = time.monotonic()
            broker.send_task(mails.send_reset_link.name, args=[officer.pk], ignore_result=True)
            wait_for(lambda: any((tmp_path / "mail").glob("*.eml")), tmp_path)
            assert time.monotonic() - began < 30, "the scanner's own limit is 120 s"
            wait_for(lambda: not list((tmp_path / "broker").glob("*.mails.msg")), tmp_path)
            assert not (tmp_path / "ran").exists()

            began = time.monotonic()
            for person in many:
                broker.send_task(mails.send_reset_link.name, args=[person.pk], ignore_result=True)
            wait_for(lambda: len(list((tmp_path / "mail").glob("*.eml"))) == 1 + len(many), tmp_path)
            assert time.monotonic() - began < 0.6 * len(many), "a broker of folders hands out a mail a second"

            mail_worker = next(pid for pid in descendants(process.pid) if works_on("mails", pid))
            os.kill(mail_worker, signal.SIGKILL)
            wait_for(lambda: said(tmp_path).count("mails@") >= 2, tmp_path)
            broker.send_task(mails.send_reset_link.name, args=[coordinator.pk], ignore_result=True)
            wait_for(lambda: len(list((tmp_path / "mail").glob("*.eml"))) == 2 + len(many), tmp_path)

            children = descendants(process.pid)
            scanner.close()
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
            wait_for(lambda: not any(map(is_alive, children)), tmp_path)
    finally:
        scanner.close()
