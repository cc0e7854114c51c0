"""A web process that stops answers whoever has connected, and refuses others at once, so that a proxy asks another one."""

import os
import signal
import socket
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from waitress import wasyncore

from tests.tracker.site import Site
from tests.tracker.test_slow_clients import site
from tracker.serving import BoundedServer

__all__ = ["site"]
#: With a length, so that its connection is kept.
ASKED = b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"


def connect(site: Site) -> socket.socket:
    return socket.create_connection(("127.0.0.1", site.port), timeout=30)


def whole_answer(client: socket.socket) -> bytes:
    """What comes until the server closes the connection."""
    with client:
        client.sendall(ASKED)
        return b"".join(iter(lambda: client.recv(65536), b""))


def is_refused(site: Site) -> bool:
    try:
        connect(site).close()
    except OSError:
        return True
    return False


@pytest.mark.long
def test_who_has_connected_is_answered_and_told_that_it_was_the_last_time(site: Site) -> None:
    assert site.status_of("/health/live/") == 200
    kept = connect(site)
    kept.sendall(ASKED)
    first = b""
    while not first.endswith(b"Disallow: /\n"):
        first += kept.recv(65536)
    assert first.startswith(b"HTTP/1.1 200") and b"Connection: close" not in first
    silent = connect(site)
    # As where the process itself listens: nobody holds the socket open for the next one.
    site.listening.close()
    master = site.process.pid
    worker = int(Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()[0])
    os.kill(worker, signal.SIGSTOP)
    not_yet_taken = connect(site)
    site.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    os.kill(worker, signal.SIGCONT)
    deadline = time.monotonic() + 5
    while not is_refused(site):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    for client in (not_yet_taken, kept, silent):
        answer = whole_answer(client)
        assert answer.startswith(b"HTTP/1.1 200") and b"Connection: close" in answer
    assert site.process.wait(15) == 0


@pytest.mark.long
def test_idle_connections_end_as_ever_and_keep_no_process_longer(site: Site) -> None:
    assert site.status_of("/health/live/") == 200
    idle = connect(site)
    site.listening.close()
    began = time.monotonic()
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(15) == 0
    assert 3 < time.monotonic() - began < 9
    with idle:
        assert idle.recv(1) == b""


def test_however_many_go_on_connecting_it_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    accepted: list[int] = []
    closed: list[Any] = []
    monkeypatch.setattr(wasyncore.dispatcher, "close", closed.append)
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.create_connection(listening.getsockname()),
    ):
        server: Any = SimpleNamespace(
            socket=listening,
            adj=SimpleNamespace(most_connections=32),
            # Never taken: there is always another one.
            handle_accept=lambda: accepted.append(1),
        )
        BoundedServer.drain(server)
    assert (len(accepted), closed) == (32, [server])
