"""A broker that is gone or hangs: an upload does not wait for it, and what was not queued is found later."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from kombu.exceptions import OperationalError

from accounts.roles import Role
from evidence import queue
from evidence.models import Document
from evidence.states import ScanState
from evidence.tasks import scan_waiting
from tests.conftest import WorkerDatabase
from tests.evidence import files
from tests.evidence.fake_clamd import running_clamd
from tests.evidence.pages import signed_in, url
from tests.factories.accounts import make_agency, make_person
from tests.tracker.site import Site, serving_site

TOKEN = "a" * 32


@contextmanager
def hanging() -> Iterator[int]:
    """A socket that accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield listener.getsockname()[1]


@contextmanager
def refusing() -> Iterator[int]:
    """A port at which nobody listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def upload(site: Site, session: str, content: bytes) -> tuple[int, bytes, float]:
    """Send a file as the page's script does; return status, answer and seconds."""
    parts = {"classification": ("", b"1"), "file": ('; filename="Bukti.pdf"', content)}
    body = b"".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"
        for name, (more, content) in parts.items()
    )
    headers = {
        "Host": "localhost",
        "Accept": "application/json",
        "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Content-Type": "multipart/form-data; boundary=b",
    }
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    began = time.monotonic()
    connection.request("POST", url("upload"), body=body + b"--b--\r\n", headers=headers)
    response = connection.getresponse()
    answer = response.read()
    connection.close()
    return response.status, answer, time.monotonic() - began


@pytest.mark.long
@pytest.mark.parametrize("broker", [refusing, hanging])
def test_upload_does_not_wait_for_the_broker(
    real_db: WorkerDatabase,
    settings: Any,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    broker: Any,
) -> None:
    officer = make_person(Role.OFFICER, make_agency("JTK"))
    session = signed_in(officer).cookies["sessionid"].value
    with running_clamd(tmp_path) as (_clamd, address), broker() as port:
        for name, value in {
            "BROKER_URL": f"redis://127.0.0.1:{port}/0",
            "SCANNER": "clamav",
            "CLAMD_ADDRESS": address,
        }.items():
            monkeypatch.setenv(name, value)
        with serving_site(real_db.web_url, settings.MEDIA_ROOT) as site:
            assert site.status_of("/health/") == 200
            # What is refused queues nothing: the first one loads what the process needs.
            assert upload(site, session, files.EXE)[0] == 422
            status, answer, seconds = upload(site, session, files.pdf())
            assert (status, seconds < 4) == (201, True), (answer, seconds)
            status, answer, seconds = upload(site, session, files.pdf())
            assert (status, seconds < 2) == (201, True), (answer, seconds)
        document = Document.objects.get(pk=json.loads(answer)["id"])
        assert document.scan_state == ScanState.PENDING
        settings.SCANNER, settings.CLAMD_ADDRESS = "clamav", address
        assert scan_waiting() == 2
    document.refresh_from_db()
    assert document.scan_state == ScanState.CLEAN


def test_a_broker_that_is_down_is_left_alone_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def send(name: str, **_about: object) -> None:
        asked.append(name)
        raise OperationalError("Connection refused")

    monkeypatch.setattr(queue.current_app, "send_task", send, raising=False)
    for _ in range(3):
        queue.enqueue("first", 1)
    assert asked == ["first"]
    monkeypatch.setattr(queue, "_asked_again_at", time.monotonic() - 0.1)
    queue.enqueue("second", 1)
    assert asked == ["first", "second"]
