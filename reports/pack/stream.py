"""A pack as a stream of bytes: a ZIP whose members are stored as they are, and hashed while they flow.

The library of the language writes it, to a target that cannot seek: sizes and checksums follow each member, and ZIP64
is used where a size demands it. Nothing in it depends on when it is streamed, so the same members are the same bytes.
A member that is not what it should be ends the stream before the central directory, and behind so many bytes that no
program takes a ZIP that was packed last (every Word file and workbook is one) for the end of this one.
"""

from __future__ import annotations

import hashlib
import stat
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import RawIOBase
from typing import Any, Protocol

from audit.clock import KUALA_LUMPUR
from reports.pack.members import Broken, Member, Pack

#: Pieces are joined until they are so long.
PIECE = 64 * 1024
#: Programs look for the end of a ZIP in its last 65,557 bytes.
_TAIL = b"JEJAK: PEK INI TERPUTUS DAN TIDAK LENGKAP. THIS PACK IS BROKEN OFF AND NOT WHOLE.\n" * 1_000
_RIGHTS = (stat.S_IFREG | 0o644) << 16
_UNIX = 3


class Ending(Protocol):
    """Told once how a stream ended, with the SHA-256 and the number of the bytes that left."""

    def whole(self, sha256: str, size: int) -> None: ...

    def broken(self, number: int, sha256: str, size: int) -> None: ...

    def cut(self, sha256: str, size: int) -> None: ...


class Stopped(Exception):
    """The pack may not go on: its reader, or a document in it, is no longer what they were when it began."""


def always(_member: Member) -> bool:
    """Nothing stops it."""
    return True


class PackStream:
    """The bytes of a pack, once. Close it: a stream that is closed before its end was cut.

    `may_go_on` is asked before each member is opened, and between its pieces; where it says no the stream is cut.
    """

    def __init__(self, pack: Pack, *, ending: Ending, may_go_on: Callable[[Member], bool] = always) -> None:
        self._shelf = pack.shelf
        self._ending = ending
        self._pieces = _ended(_zip(_asked(pack.members, may_go_on), stamp=pack.stamp))
        self._digest = Digest()
        self._size = 0
        self._is_over = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            piece = next(self._pieces)
        except StopIteration:
            self._end(self._ending.whole)
            raise
        except Broken as broken:
            self._end(partial(self._ending.broken, broken.number))
            raise
        self._digest.update(piece)
        self._size += len(piece)
        return piece

    def close(self) -> None:
        """Let go of everything; told as cut unless it had ended."""
        self._pieces.close()
        self._shelf.close()
        self._end(self._ending.cut)

    def _end(self, tell: Callable[[str, int], None]) -> None:
        if not self._is_over:
            self._is_over = True
            tell(self._digest.finish(), self._size)


class Digest:
    """A SHA-256 that is computed beside the stream, by a thread of its own."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pack")
        self._last: Future[None] | None = None

    def update(self, piece: bytes) -> None:
        """Takes the next bytes; waits for those before them."""
        if self._last:
            self._last.result()
        self._last = self._thread.submit(self._hash.update, piece)

    def finish(self) -> str:
        """64 hexadecimal digits; the thread ends."""
        self._thread.shutdown()
        return self._hash.hexdigest()


class _Sink(RawIOBase):
    """Where the library writes to, and from where the stream takes it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._held = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        self._held += len(piece)
        return len(piece)

    def take(self, *, least: int = PIECE) -> Iterator[bytes]:
        """What was written since, as one piece, unless it is less than `least`."""
        if self._held >= least:
            piece = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
            self._pieces, self._held = [], 0
            yield piece


def _ended(pieces: Iterator[bytes]) -> Generator[bytes, None, None]:
    """The pieces; what fails among them is told at the end of the stream too, before it is raised."""
    try:
        yield from pieces
    except Exception:
        yield _TAIL
        raise


@dataclass(frozen=True, slots=True)
class _Asked:
    """A member that flows for as long as it may."""

    member: Member
    may_go_on: Callable[[Member], bool]

    @property
    def name(self) -> str:
        return self.member.name

    @property
    def size(self) -> int:
        return self.member.size

    @property
    def sha256(self) -> str:
        return self.member.sha256

    def demand(self) -> None:
        """Raises `Stopped`."""
        if not self.may_go_on(self.member):
            raise Stopped(f"{self.name} may not leave any more")

    def read(self) -> Iterator[bytes]:
        for chunk in self.member.read():
            yield chunk
            self.demand()


def _asked(members: Iterable[Member], may_go_on: Callable[[Member], bool]) -> Iterator[Member]:
    for member in members:
        asked = _Asked(member, may_go_on)
        asked.demand()
        yield asked


def _zip(members: Iterable[Member], *, stamp: datetime) -> Generator[bytes, None, None]:
    moment = stamp.astimezone(KUALA_LUMPUR).timetuple()[:6]
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for member in members:
            with archive.open(_info(member, moment), "w") as target:
                for chunk in member.read():
                    target.write(chunk)
                    yield from sink.take()
            # What comes next may take its time to be made.
            yield from sink.take(least=1)
    yield from sink.take(least=1)


def _info(member: Member, moment: tuple[int, ...]) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(member.name, moment)  # type: ignore[arg-type]  # six numbers
    info.file_size = member.size
    info.external_attr = _RIGHTS
    info.create_system = _UNIX
    return info
