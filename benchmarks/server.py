"""One gunicorn that serves a database, and clients that ask it for pages."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import memory, processes
from benchmarks.databases import Database
from benchmarks.processes import ChildFailed
from tracker.processes import bound_to_parent

START_SECONDS = 60.0
#: The longest wait for one answer, or for one piece of a long one.
REQUEST_SECONDS = 60.0
#: The bare page, beside the product's own.
FLOOR_PAGE = "/floor/page/"
#: What the cookie and a form must hold alike.
SAME_TWICE = "0123456789abcdefghijklmnopqrstuv"


class Server:
    """A gunicorn on a free port of the loopback address, with the kind of workers that the product uses."""

    def __init__(self, database: Database, port: int, process: subprocess.Popen[bytes]) -> None:
        self.facts = database.facts
        self.port = port
        self.process = process

    def connect(self) -> HTTPConnection:
        """Return a connection for one client."""
        return HTTPConnection("127.0.0.1", self.port, timeout=REQUEST_SECONDS)

    def worker_pids(self) -> list[int]:
        """Return the process ids of gunicorn's workers."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        return [int(each) for each in children.split()]

    def held_mib(self) -> float:
        """Return what the largest worker holds now, in MiB."""
        return max(map(memory.held_mib, self.worker_pids()))

    def peak_mib(self) -> float:
        """Return the most that any worker has held since `forget_peaks`, in MiB."""
        return max(map(memory.peak_mib, self.worker_pids()))

    def forget_peaks(self) -> None:
        """Count the peak of each worker from here on."""
        for pid in self.worker_pids():
            memory.forget_peak(pid)

    def path_of(self, page: str) -> str:
        """Return the address of a page that the seed named."""
        return FLOOR_PAGE if page == "floor" else str(self.facts[page])

    def headers_for(self, role: str) -> dict[str, str]:
        """Return what a request of a person of this role carries."""
        return {"Host": "127.0.0.1", "Cookie": f"sessionid={self.facts[role]}"}

    def burst(self, page: str, *, role: str, clients: int = 1, requests: int) -> list[float]:
        """Let so many clients at once send so many requests each; return the milliseconds of every request."""
        with ThreadPoolExecutor(clients) as pool:
            runs = pool.map(lambda _client: self._requests(page, role, requests), range(clients))
            return [milliseconds for run in runs for milliseconds in run]

    def posts(self, page: str, *, role: str, forms: Iterable[Mapping[str, object]]) -> list[float]:
        """Post forms one after another on one connection; each must lead on. Return the milliseconds of each."""
        path, connection = self.path_of(page), self.connect()
        headers = self.headers_for(role) | {"Content-Type": "application/x-www-form-urlencoded"}
        headers["Cookie"] += f"; csrftoken={SAME_TWICE}"
        taken = []
        for form in forms:
            body = urlencode({"csrfmiddlewaretoken": SAME_TWICE, **form})
            began = time.perf_counter()
            connection.request("POST", path, body=body, headers=headers)
            response = connection.getresponse()
            said = response.read()
            taken.append((time.perf_counter() - began) * 1_000)
            if response.status != 302:
                raise RuntimeError(f"{path} answered {response.status}: {said[:200]!r}")
        connection.close()
        return taken

    def _requests(self, page: str, role: str, count: int) -> list[float]:
        """Send requests one after another on one connection; each must answer 200. Return their milliseconds."""
        path, headers = self.path_of(page), self.headers_for(role) | {"Accept-Encoding": "identity"}
        connection = self.connect()
        taken = []
        for _number in range(count):
            began = time.perf_counter()
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            body = response.read()
            taken.append((time.perf_counter() - began) * 1_000)
            if response.status != 200:
                raise RuntimeError(f"{path} answered {response.status}: {body[:200]!r}")
        connection.close()
        return taken


def as_in_production(database: Database) -> Database:
    """Return the database with the settings by which static files have their hash in the name and are compressed."""
    database = replace(database, more={"ENVIRONMENT": "development"})
    database.run("children.static")
    return database


@contextmanager
def serving(database: Database, *, workers: int = 2) -> Iterator[Server]:
    """Serve a database for the length of the block. Raises `ChildFailed` when gunicorn does not start."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "tracker.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += [
        "--log-level",
        "warning",
        "--worker-class",
        "tracker.serving.PatientWorker",
        "--keep-alive",
        "60",
    ]
    command += ["--workers", str(workers), "--threads", "4", "--chdir", str(processes.BASE)]
    # Started elsewhere, it does not find the product's own settings for gunicorn.
    process = subprocess.Popen(bound_to_parent(command), cwd=database.folder, env=database.environment())
    try:
        _wait_for(port, process)
        yield Server(database, port, process)
    finally:
        processes.end(process, asked=False)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server accepts connections."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ChildFailed(f"gunicorn ended with code {process.returncode}; its error stands above")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise ChildFailed(f"gunicorn did not start within {START_SECONDS:g} seconds")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
