"""Stored bytes on their way out: hashed while they are read, so that wrong ones are never handed over whole."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from evidence.states import Harm

logger = logging.getLogger(__name__)

#: How many bytes are read at once. A file that is not longer is judged before anything of it leaves.
PIECE_BYTES = 1024 * 1024


class BytesHarmed(OSError):
    """The bytes are gone, or are not those that were recorded.

    An OSError, because on one the server ends the connection without more ado: the client misses the last bytes.
    """

    def __init__(self, harm: Harm) -> None:
        super().__init__(harm.value)
        self.harm = harm


class OutgoingBytes:
    """A stored file, read once. Its last piece is given only when all bytes are those that were recorded.

    One piece is in memory at a time. Iterate once; close it in any case.
    """

    def __init__(self, path: Path, *, sha256: str, size: int) -> None:
        """Open the file and read its first piece. Raises BytesHarmed where it is known by then that they are not those."""
        self._sha256, self._digest, self._left = sha256, hashlib.sha256(), size
        try:
            self._file = path.open("rb", buffering=0)
        except OSError as error:
            raise _harmed_by(error) from error
        try:
            self._judge_size(size)
            self._held = self._next()
            if not self._left:
                self._judge()
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes in pieces. Raises BytesHarmed in the place of the last one when they are others."""
        while self._left:
            yield self._held
            self._held = self._next()
        self._judge()
        yield self._held

    def close(self) -> None:
        """Close the file; safe to call again."""
        self._file.close()

    def _next(self) -> bytes:
        try:
            piece = self._file.read(min(PIECE_BYTES, self._left)) if self._left else b""
        except OSError as error:
            raise _harmed_by(error) from error
        if self._left and not piece:
            raise BytesHarmed(Harm.DIFFERS)
        self._digest.update(piece)
        self._left -= len(piece)
        return piece

    def _judge_size(self, size: int) -> None:
        if os.fstat(self._file.fileno()).st_size != size:
            raise BytesHarmed(Harm.DIFFERS)

    def _judge(self) -> None:
        if self._digest.hexdigest() != self._sha256:
            raise BytesHarmed(Harm.DIFFERS)


def harm_of_bytes(content: bytes, *, sha256: str) -> Harm | None:
    """Return what is wrong with bytes that are in memory, or None."""
    return None if hashlib.sha256(content).hexdigest() == sha256 else Harm.DIFFERS


def harm_of(path: Path, *, sha256: str, size: int) -> Harm | None:
    """Read a stored file to its end; return what is wrong with its bytes, or None."""
    try:
        outgoing = OutgoingBytes(path, sha256=sha256, size=size)
    except BytesHarmed as harmed:
        return harmed.harm
    try:
        for _piece in outgoing:
            pass
    except BytesHarmed as harmed:
        return harmed.harm
    finally:
        outgoing.close()
    return None


def _harmed_by(error: OSError) -> BytesHarmed:
    if isinstance(error, FileNotFoundError):
        return BytesHarmed(Harm.MISSING)
    logger.error("A stored file cannot be read: %s", error.strerror)
    return BytesHarmed(Harm.UNREADABLE)
