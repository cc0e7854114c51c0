"""A real PgBouncer in transaction mode before the database of a test, with few connections."""

from __future__ import annotations

import os
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import psycopg2
from psycopg2.extensions import parse_dsn

from tests.databases import BASE
from tracker.house.programs import PROGRAMS
from tracker.processes import bound_to_parent

#: Fewer than the people who work at once in a test.
SIZE = 4


def _configuration(**places: str | int) -> str:
    """Return what installations have, for other addresses and fewer connections."""
    text = (BASE / "deploy" / "pgbouncer" / "pgbouncer.ini").read_text(encoding="utf-8")
    for told, here in (
        ("jejak = host=127.0.0.1 port=5432 dbname=jejak", "* = host={host} port={port}"),
        ("listen_port = 6432", "listen_port = {listens}\nunix_socket_dir ="),
        ("/etc/pgbouncer/userlist.txt", "{folder}/userlist.txt"),
        ("default_pool_size = 20", "default_pool_size = {size}"),
    ):
        assert told in text, told
        text = text.replace(told, here.format(**places))
    return text


class PooledDatabase(Protocol):
    """What the pool stands before."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def web_url(self) -> str:
        """The web role's address of it."""


class Pool:
    """What stands before the database: `web_url` leads there through it."""

    def __init__(self, database: PooledDatabase, port: int) -> None:
        self._database, self.port = database, port

    @property
    def web_url(self) -> str:
        address = parse_dsn(self._database.web_url)
        user, password = quote(address["user"]), quote(address.get("password", ""), safe="")
        return f"postgres://{user}:{password}@127.0.0.1:{self.port}/{self._database.name}"


@contextmanager
def running_pool(database: PooledDatabase) -> Iterator[Pool]:
    """Start it, and end it before the database is dropped."""
    program = PROGRAMS["pgbouncer"].find()
    assert program, "No PgBouncer on this machine: run `make test`, which installs it or says how."
    with ExitStack() as until_done:
        folder = Path(until_done.enter_context(tempfile.TemporaryDirectory(prefix="pgbouncer-")))
        address = parse_dsn(database.web_url)
        host, port = address.get("host", "localhost"), int(address.get("port", 5432))
        command = [program, str(folder / "pool.ini")]
        if os.geteuid() == 0:
            # As root it does not run, and as nobody it may not enter the folder of the database's socket.
            command[1:1] = ["--user", "nobody"]
            host, port = "127.0.0.1", until_done.enter_context(_forwarded(host, port))
        listens = free_port()
        folder.chmod(0o755)
        (folder / "pool.ini").write_text(
            _configuration(host=host, port=port, listens=listens, folder=str(folder), size=SIZE),
            encoding="utf-8",
        )
        person = f'"{address["user"]}" "{address.get("password", "")}"\n'
        (folder / "userlist.txt").write_text(person, encoding="utf-8")
        log = until_done.enter_context((folder / "log").open("w"))
        process = subprocess.Popen(bound_to_parent(command), stdout=log, stderr=subprocess.STDOUT)
        until_done.callback(process.wait)
        until_done.callback(process.terminate)
        pool = Pool(database, listens)
        _await(pool, process, folder / "log")
        yield pool


def _await(pool: Pool, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            psycopg2.connect(pool.web_url).close()
            return
        except psycopg2.OperationalError:
            assert time.monotonic() < until and process.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.05)


def free_port() -> int:
    """Return a port of the loopback address on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def _forwarded(host: str, port: int) -> Iterator[int]:
    """A port of the loopback address that leads to the database, whose socket lies in a folder of ours."""

    class Forward(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.socket(socket.AF_UNIX if host.startswith("/") else socket.AF_INET) as there:
                try:
                    there.connect(f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port))
                except OSError:  # The database is gone: the pool sees a connection that ends.
                    return
                back = threading.Thread(target=_pump, args=(there, self.request), daemon=True)
                back.start()
                _pump(self.request, there)
                back.join()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Forward) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Hand on what comes, until one side ends; the other then ends too."""
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
    except OSError:
        pass
    for each in (source, target):
        try:
            each.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue
