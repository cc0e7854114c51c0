"""A pack as a stream of bytes: a ZIP whose members are stored as they are, and hashed while they flow.

The standard library writes it, to a target that cannot seek: sizes and checksums follow each member, and ZIP64 is used
where a size demands it. Nothing in it depends on when it is streamed, so the same members are the same bytes. A member
that is not what it should be ends the stream before the central directory, and behind so many bytes that no program
takes a ZIP that was packed last (every Word file and workbook is one) for the end of this one.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable, Generator, Iterator
from io import RawIOBase
from typing import Any

from audit.clock import KUALA_LUMPUR
from reports.pack.digest import BackgroundDigest
from reports.pack.members import BrokenFile, Pack, PackMember
from reports.states import DownloadOutcome

#: Pieces are joined until they have so many bytes.
PIECE_BYTES = 64 * 1024
#: Programs look for the end of a ZIP in its last 65,557 bytes.
_BROKEN_TAIL = b"JEJAK: PEK INI TERPUTUS DAN TIDAK LENGKAP. THIS PACK IS BROKEN OFF AND NOT WHOLE.\n" * 1_000
_FILE_MODE = (stat.S_IFREG | 0o644) << 16
_UNIX = 3

#: Says whether a member may still be sent.
MayContinue = Callable[[PackMember], bool]


#: Called once when a stream ends: with the SHA-256 and the number of the bytes that left, how it ended, and the number of
#: the document that broke it off.
StreamListener = Callable[[str, int, DownloadOutcome, int | None], None]


class StreamStopped(Exception):
    """The pack may not go on: its reader, or a document in it, is no longer what they were when it began."""


class PackStream:
    """The bytes of a pack, once. Close it: a stream that is closed before its end was cut.

    `may_continue` is asked before each member is opened, and between its pieces; where it says no the stream is cut.
    """

    def __init__(
        self, pack: Pack, *, listener: StreamListener, may_continue: MayContinue = lambda _member: True
    ) -> None:
        self._generated = pack.generated
        self._listener = listener
        self._pieces = _with_tail(_zip(pack, may_continue=may_continue))
        self._digest = BackgroundDigest()
        self._size = 0
        self._is_over = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            piece = next(self._pieces)
        except StopIteration:
            self._end(DownloadOutcome.WHOLE)
            raise
        except BrokenFile as broken:
            self._end(DownloadOutcome.BROKEN, broken.number)
            raise
        self._digest.update(piece)
        self._size += len(piece)
        return piece

    def close(self) -> None:
        """Release everything; the stream counts as cut unless it had ended."""
        self._pieces.close()
        self._generated.close()
        self._end(DownloadOutcome.CUT)

    def _end(self, outcome: DownloadOutcome, number: int | None = None) -> None:
        if not self._is_over:
            self._is_over = True
            self._listener(self._digest.finish(), self._size, outcome, number)


class _Sink(RawIOBase):
    """Takes what the ZIP library writes, and gives it to the stream."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._held = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        self._held += len(piece)
        return len(piece)

    def take(self, *, least: int = PIECE_BYTES) -> Iterator[bytes]:
        """Yield what was written since as one piece, unless it is less than `least` bytes."""
        if self._held >= least:
            piece = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
            self._pieces, self._held = [], 0
            yield piece


def _with_tail(pieces: Iterator[bytes]) -> Generator[bytes, None, None]:
    """Yield the pieces; after an error first the tail that says so, then raise it."""
    try:
        yield from pieces
    except Exception:
        yield _BROKEN_TAIL
        raise


def _zip(pack: Pack, *, may_continue: MayContinue) -> Generator[bytes, None, None]:
    moment = pack.stamp.astimezone(KUALA_LUMPUR).timetuple()[:6]
    folder = f"{pack.folder}/" if pack.folder else ""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for member in pack.members:
            _check(member, may_continue)
            with archive.open(_zip_info(f"{folder}{member.name}", member.size, moment), "w") as target:
                for chunk in member.read():
                    target.write(chunk)
                    yield from sink.take()
                    _check(member, may_continue)
            # The next member may take its time to be generated.
            yield from sink.take(least=1)
    yield from sink.take(least=1)


def _check(member: PackMember, may_continue: MayContinue) -> None:
    """Raise `StreamStopped` where a member may not be sent any more."""
    if not may_continue(member):
        raise StreamStopped(f"{member.name} may not leave any more")


def _zip_info(name: str, size: int, moment: tuple[int, ...]) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, moment)  # type: ignore[arg-type]  # six numbers
    info.file_size = size
    info.external_attr = _FILE_MODE
    info.create_system = _UNIX
    return info
