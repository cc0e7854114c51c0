"""The files of a pack: documents as they were received, and files that are generated for the pack."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, Protocol, cast

from reports.pack.digest import BackgroundDigest

#: How many bytes are read at once.
CHUNK_BYTES = 1024 * 1024
#: Generated files are kept in memory up to so many bytes, beyond that in a temporary file.
_MEMORY_BYTES = 8 * 1024 * 1024


class BrokenFile(Exception):
    """The bytes of a document are gone, or are not those that were received."""

    def __init__(self, number: int) -> None:
        super().__init__(f"document {number} does not match its hash")
        self.number = number


class PackMember(Protocol):
    """One file of a pack; its size and its hash are known when its turn comes."""

    @property
    def name(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def sha256(self) -> str: ...

    def read(self) -> Iterator[bytes]:
        """Yield its bytes in pieces. Raises `BrokenFile` when they are others, at the last piece at the latest."""


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A document's original bytes, hashed again while they are sent."""

    name: str
    number: int
    path: Path
    size: int
    sha256: str

    @property
    def has_its_size(self) -> bool:
        """Whether the file is there with its size: what can be known without reading it."""
        try:
            return self.path.stat().st_size == self.size
        except OSError:
            return False

    def read(self) -> Iterator[bytes]:
        digest, left = BackgroundDigest(), self.size
        try:
            with self.path.open("rb", buffering=0) as file:
                if os.fstat(file.fileno()).st_size != self.size:
                    raise BrokenFile(self.number)
                while left and (chunk := file.read(min(CHUNK_BYTES, left))):
                    digest.update(chunk)
                    left -= len(chunk)
                    yield chunk
        except OSError as error:
            raise BrokenFile(self.number) from error
        finally:
            found = digest.finish()
        if left or found != self.sha256:
            raise BrokenFile(self.number)


@dataclass(frozen=True, slots=True)
class GeneratedFile:
    """A file that was made for the pack: a part of its `GeneratedFiles`."""

    name: str
    size: int
    sha256: str
    begins_at: int
    file: IO[bytes]

    def read(self) -> Iterator[bytes]:
        self.file.seek(self.begins_at)
        left = self.size
        while left:
            chunk = self.file.read(min(CHUNK_BYTES, left))
            left -= len(chunk)
            yield chunk


class GeneratedFiles:
    """Keeps what is generated for one pack until it has been streamed, in bounded memory."""

    def __init__(self) -> None:
        self._file = cast(BinaryIO, SpooledTemporaryFile(_MEMORY_BYTES))  # noqa: SIM115  closed with the pack

    def add(self, name: str, content: bytes) -> GeneratedFile:
        """Keep these bytes."""
        return self._append(name, [content])

    def add_written(self, name: str, write: Callable[[BinaryIO], None]) -> GeneratedFile:
        """Keep what `write` writes to the file that it is given."""
        with SpooledTemporaryFile(_MEMORY_BYTES) as target:
            write(cast(BinaryIO, target))
            target.seek(0)
            return self._append(name, iter(lambda: target.read(CHUNK_BYTES), b""))

    def close(self) -> None:
        self._file.close()

    def _append(self, name: str, chunks: Iterable[bytes]) -> GeneratedFile:
        begins_at = self._file.seek(0, os.SEEK_END)
        digest, size = hashlib.sha256(), 0
        for chunk in chunks:
            digest.update(chunk)
            size += self._file.write(chunk)
        return GeneratedFile(name, size, digest.hexdigest(), begins_at, self._file)


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that can be streamed once: its files in order, and the instant that they all carry.

    Files are generated when their turn comes; `documents` are those among the members. All lie in one `folder` of the
    ZIP, so that unpacking strews nothing about; the names of the members are those inside it.
    """

    members: Iterable[PackMember]
    documents: tuple[ReceivedFile, ...]
    stamp: datetime
    generated: GeneratedFiles
    folder: str = ""

    @property
    def document_numbers(self) -> str:
        """The numbers of its documents, as the audit log keeps them: "3-5, 8"."""
        return number_ranges(document.number for document in self.documents)

    def first_missing(self) -> int | None:
        """Return the number of the first document that is known, before anything is read, not to be what it was."""
        return next((document.number for document in self.documents if not document.has_its_size), None)


def number_ranges(numbers: Iterable[int]) -> str:
    """Return numbers in order, those that follow each other as a range: "3-5, 8"."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
