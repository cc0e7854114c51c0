"""The product's own server, gunicorn, over the database and files of a test."""

import http.client
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.databases import BASE


class Site:
    """The product's server on a port of the loopback address."""

    def __init__(self, listening: socket.socket, process: "subprocess.Popen[bytes]") -> None:
        self.listening, self.process = listening, process
        self.port: int = listening.getsockname()[1]

    def status_of(self, path: str, method: str = "GET", **headers: str) -> int:
        return self.answer(path, method, **headers)[0]

    def answer(self, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, headers={"Host": "localhost", **headers})
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, content

    def connect(self, sent: bytes, *, small: bool = False) -> socket.socket:
        client = socket.socket()
        if small:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(30)
        client.connect(("127.0.0.1", self.port))
        client.sendall(sent)
        return client

    def statuses(self, sent: bytes) -> list[int]:
        """What the server answers to these bytes until it closes the connection, or for two seconds."""
        client, said = self.connect(sent), b""
        client.settimeout(2)
        try:
            while piece := client.recv(65536):
                said += piece
        except OSError:
            pass
        finally:
            client.close()
        return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", said)]


@contextmanager
def serving_site(
    database_url: str,
    media: Path,
    *,
    log: Path | None = None,
    program: tuple[str, ...] = ("gunicorn", "tracker.wsgi:application"),
    **more: str,
) -> Iterator[Site]:
    """gunicorn over a test's database and files, with the settings of the product and `more`."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "MEDIA_ROOT": str(media),
        "WEB_SOCKET_FD": str(listening.fileno()),
        "WEB_WORKERS": "1",
        "WEB_THREADS": "4",
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
        **more,
    }
    environment.pop("DATABASE_OWNER_URL", None)
    with open(log or os.devnull, "ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", *program],
            cwd=BASE,
            env=environment,
            pass_fds=[listening.fileno()],
            stdout=said,
            stderr=said,
        )
    try:
        yield Site(listening, process)
    finally:
        listening.close()
        process.terminate()
        process.wait(20)
