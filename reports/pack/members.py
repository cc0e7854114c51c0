"""What a pack is made of: files that were received, and texts that were made for it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, Protocol, cast

#: Read at once.
CHUNK = 1024 * 1024
#: Made texts are kept in memory up to so many bytes, beyond that in a file that has no name.
IN_MEMORY = 8 * 1024 * 1024


class Broken(Exception):
    """The bytes of a document are gone, or are not those that were received."""

    def __init__(self, number: int) -> None:
        super().__init__(f"document {number} does not match its hash")
        self.number = number


class Member(Protocol):
    """One file of a pack; its size and its hash are known when its turn comes."""

    @property
    def name(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def sha256(self) -> str: ...

    def read(self) -> Iterator[bytes]:
        """Its bytes, in pieces. Raises `Broken` where they are others, at the last one at the latest."""


@dataclass(frozen=True, slots=True)
class Received:
    """A document's original bytes, hashed again while they are read."""

    name: str
    number: int
    path: Path
    size: int
    sha256: str

    @property
    def is_there(self) -> bool:
        """As long as it was, at least: what can be known without reading it."""
        try:
            return self.path.stat().st_size == self.size
        except OSError:
            return False

    def read(self) -> Iterator[bytes]:
        digest = hashlib.sha256()
        left = self.size
        try:
            with self.path.open("rb", buffering=0) as file:
                if os.fstat(file.fileno()).st_size != self.size:
                    raise Broken(self.number)
                while left and (chunk := file.read(min(CHUNK, left))):
                    digest.update(chunk)
                    left -= len(chunk)
                    yield chunk
        except OSError as error:
            raise Broken(self.number) from error
        if left or digest.hexdigest() != self.sha256:
            raise Broken(self.number)


@dataclass(frozen=True, slots=True)
class Made:
    """What was made for the pack: a part of its shelf."""

    name: str
    size: int
    sha256: str
    begins_at: int
    file: IO[bytes]

    def read(self) -> Iterator[bytes]:
        self.file.seek(self.begins_at)
        left = self.size
        while left:
            chunk = self.file.read(min(CHUNK, left))
            left -= len(chunk)
            yield chunk


class Shelf:
    """Keeps what is made for one pack until it has been streamed; the memory that it takes is bounded."""

    def __init__(self) -> None:
        self._file = cast(BinaryIO, SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115  closed with the pack

    def put(self, name: str, content: bytes) -> Made:
        """A short text, whole."""
        begins_at = self._file.seek(0, os.SEEK_END)
        self._file.write(content)
        return Made(name, len(content), hashlib.sha256(content).hexdigest(), begins_at, self._file)

    def keep(self, name: str, write: Callable[[BinaryIO], None]) -> Made:
        """Whatever is written to the file that is handed out."""
        with SpooledTemporaryFile(IN_MEMORY) as target:
            write(cast(BinaryIO, target))
            return self._take_over(name, cast(BinaryIO, target))

    def close(self) -> None:
        self._file.close()

    def _take_over(self, name: str, source: BinaryIO) -> Made:
        begins_at = self._file.seek(0, os.SEEK_END)
        digest, size = hashlib.sha256(), 0
        source.seek(0)
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            self._file.write(chunk)
        return Made(name, size, digest.hexdigest(), begins_at, self._file)


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that can be streamed, once: its members in their order, and the instant that they all carry.

    What is made for it is made when its turn comes; `documents` are those among its members.
    """

    members: Iterable[Member]
    documents: tuple[Received, ...]
    stamp: datetime
    shelf: Shelf

    @property
    def holds(self) -> str:
        """The numbers of the documents in it, as the log keeps them: "3-5, 8"."""
        return spans(document.number for document in self.documents)

    def first_lost(self) -> int | None:
        """The number of the first document that is known, before anything is read, not to be what it was."""
        return next((document.number for document in self.documents if not document.is_there), None)


def spans(numbers: Iterable[int]) -> str:
    """Numbers in their order, those that follow each other as one span: "3-5, 8"."""
    told: list[list[int]] = []
    for number in sorted(numbers):
        if told and number == told[-1][1] + 1:
            told[-1][1] = number
        else:
            told.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in told)
