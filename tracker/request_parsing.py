"""How a request is read: refused where two programs might disagree on where it ends, and where it is too large or too slow."""

import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import Error, RequestEntityTooLarge

logger = logging.getLogger(__name__)

#: Seconds for a request's head, and for a body at this pace besides.
HEAD_SECONDS, BODY_BYTES_A_SECOND = 20, 4 * 1024
#: What somebody without a session may send: a form.
ANONYMOUS_BYTES = 1024 * 1024
#: When the disk has less left than this, the largest body that is still arriving is let go.
FREE_DISK_BYTES = 512 * 1024 * 1024


class LengthRequired(Error):
    """A body without a length, which no browser sends and Django would not read."""

    code, reason = 411, "Length Required"


class NoRoom(Error):
    """A long body for which the disk has no room. Who the reader is stands in the database, so both languages say it."""

    code, reason = 507, "Insufficient Storage"

    def __init__(self) -> None:
        super().__init__(
            "Pelayan tidak mempunyai ruang cakera untuk fail ini buat masa ini. Fail ini tidak disimpan. Kembali ke halaman "
            "sebelumnya: teks yang anda taip masih ada di situ. Cuba lagi kemudian; jika gagal lagi, maklumkan kepada pentadbir.\r\n\r\n"
            "The server has no room on its disk for this file now. It was not kept. Go back to the page before: what you "
            "typed is still there. Try again later; if it fails again, tell the administrator."
        )


@dataclass(frozen=True)
class BodyLimits:
    """How large a body may be: of who has a session, of whom large files are verified at their address, and of others."""

    cookie: str
    usual: int
    large_path: str
    large: int
    may_be_large: Callable[[str], bool]

    def most(self, path: str, cookies: str) -> int:
        """Return the limit for this address and these cookies. Who makes up a session's cookie has the usual limit, no more."""
        if f"{self.cookie}=" not in cookies:
            return ANONYMOUS_BYTES
        return self.large if path == self.large_path and self.may_be_large(cookies) else self.usual


class StrictParser(HTTPRequestParser):
    """A request, refused where two programs might disagree on where it ends, or where it is too large."""

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.began = time.monotonic()

    def received(self, data: bytes) -> int:
        """Take the next bytes and return how many. What the disk does not take ends the request (507), not the connection."""
        try:
            taken: int = super().received(data)
        except OSError as error:
            logger.error("The disk did not take a body that arrived: %s", error.strerror)
            self.error, self.completed = NoRoom(), True
            return len(data)
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Parse the head. Raises ParsingError (the answer is 400)."""
        _refuse_ambiguous(header_plus)
        super().parse_header(header_plus)
        if self.chunked:
            self.error, self.completed = LengthRequired("Send the length of the body."), True
        most = self.adj.body_limits.most(self.path, self.headers.get("COOKIE", ""))
        if self.content_length > most:
            self.error, self.completed = RequestEntityTooLarge(f"The body is larger than {most} bytes."), True
        elif self.content_length > self.adj.inbuf_overflow and not self._has_room():
            self.error, self.completed = NoRoom(), True

    def _has_room(self) -> bool:
        """Return whether the disk has room for the body twice, as it arrives and as a file, and for what is there besides."""
        free = shutil.disk_usage(self.adj.spool_folder).free
        return free > 2 * self.content_length + FREE_DISK_BYTES

    def is_late(self, now: float) -> bool:
        """Return whether it has been arriving for too long."""
        paced = self.body_bytes_received / BODY_BYTES_A_SECOND
        return now - self.began > HEAD_SECONDS + (paced if self.headers_finished else 0)


def _refuse_ambiguous(head: bytes) -> None:
    """Raise ParsingError for a head that proxies and servers are known to read in different ways."""
    first, *lines = head.split(b"\r\n")
    if any(line.startswith((b" ", b"\t")) for line in lines):
        raise ParsingError("Folded header")
    names = [line.partition(b":")[0].strip().lower() for line in lines if line]
    if names.count(b"host") > 1 or names.count(b"content-length") > 1:
        raise ParsingError("Header given twice")
    if b"transfer-encoding" in names and (b"content-length" in names or not first.endswith(b"HTTP/1.1")):
        raise ParsingError("Length given twice")
    if first.endswith(b"HTTP/1.1") and b"host" not in names:
        raise ParsingError("No Host")
