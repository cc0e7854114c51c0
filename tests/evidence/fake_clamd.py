"""A scanner for tests that speaks clamd's real protocol over a Unix or TCP socket."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: The harmless sample that every scanner reports; put together here so that no scanner minds this file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class _Session(socketserver.BaseRequestHandler):
    """PING, or one INSTREAM: chunks after their length, a zero length at the end, one line as the answer."""

    request: socket.socket
    server: Clamd

    def handle(self) -> None:
        command = self._until(b"\n")
        if command == b"nPING":
            self.request.sendall(b"PONG\n")
            return
        if command != b"nINSTREAM":
            self.request.sendall(b"UNKNOWN COMMAND\n")
            return
        content = self._content()
        if content is None:
            # As clamd does: it says so and closes, whatever else is on its way.
            self.request.sendall(b"INSTREAM size limit exceeded. ERROR\n")
            return
        self.server.scanned.append(content)
        self.request.sendall(self.server.answer(content))

    def _until(self, end: bytes) -> bytes:
        read = b""
        while not read.endswith(end):
            read += self.request.recv(1)
        return read.removesuffix(end)

    def _content(self) -> bytes | None:
        content = bytearray()
        while length := struct.unpack("!L", self._exactly(4))[0]:
            content += self._exactly(length)
            if len(content) > self.server.stream_max_length:
                return None
        return bytes(content)

    def _exactly(self, count: int) -> bytes:
        read = b""
        while len(read) < count:
            piece = self.request.recv(count - len(read))
            if not piece:
                raise ConnectionError
            read += piece
        return read


class Clamd(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Finds EICAR; `fixed_answer` replaces its answer, `stream_max_length` is clamd's setting."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: str | tuple[str, int]) -> None:
        self.address_family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.scanned: list[bytes] = []
        self.fixed_answer = b""
        self.stream_max_length = 1 << 40
        super().__init__(address, _Session)

    def answer(self, content: bytes) -> bytes:
        if self.fixed_answer:
            return self.fixed_answer
        return b"stream: Win.Test.EICAR_HDB-1 FOUND\n" if EICAR in content else b"stream: OK\n"

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore clients that hang up."""


@contextmanager
def running_clamd(folder: Path | None = None) -> Iterator[tuple[Clamd, str]]:
    """Run a scanner; yield it with its CLAMD_ADDRESS: a Unix socket in the folder, else a loopback port."""
    address: str | tuple[str, int] = str(folder / "clamd.sock") if folder else ("127.0.0.1", 0)
    with Clamd(address) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server, address if isinstance(address, str) else "{}:{}".format(*server.server_address[:2])
        finally:
            server.shutdown()
            thread.join()
