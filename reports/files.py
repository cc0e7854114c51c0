"""The files of reports: MEDIA_ROOT/reports/<2 hex>/<32 hex>, apart from the evidence.

A file is written under a temporary name, synced and renamed: under a final name there is never half a file. A crash
before a row names it leaves an orphan, which `sweep` removes after a day. All files can be made again, so a backup may
leave them out.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from evidence import storage
from evidence.outgoing import harm_of

#: A folder beside the stored files; no stored name looks like it.
_SCRATCH = "scratch"
_STORED_NAME = re.compile(r"[0-9a-f]{32}")
#: The errors of a disk that is full or broken, and not of something that is missing.
DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG, errno.ENOMEM})


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file under its final name: whole, synced, hashed. `size` is in bytes."""

    stored_name: str
    sha256: str
    size: int


@contextmanager
def open_draft() -> Iterator[BinaryIO]:
    """Give a file to be written. What was not passed to `store` is removed when the block ends."""
    file = storage.open_part()
    try:
        yield file
    finally:
        # What could not be written is removed anyway, and the error that ended the block is raised.
        with suppress(OSError):
            file.close()
        Path(file.name).unlink(missing_ok=True)


def store(draft: BinaryIO) -> ReportFile:
    """Sync a draft and give it its final name. Raises OSError where the disk does not take it."""
    draft.flush()
    os.fsync(draft.fileno())
    draft.seek(0)
    sha256, size = storage.digest_of(draft)
    stored_name = storage.new_stored_name()
    storage.move_into_place(Path(draft.name), path_of(stored_name))
    return ReportFile(stored_name, sha256, size)


def root() -> Path:
    return storage.root() / "reports"


def path_of(stored_name: str) -> Path:
    """Return the path of a stored name; the name is ours, never a person's."""
    return root() / stored_name[:2] / stored_name


def is_whole(stored_name: str, *, sha256: str, size: int) -> bool:
    """Read a file to its end; return whether it still is what was made."""
    return harm_of(path_of(stored_name), sha256=sha256, size=size) is None


def remove(stored_name: str) -> None:
    """Remove the file of a stored name, if it is there."""
    storage.remove_file(path_of(stored_name))


@contextmanager
def scratch() -> Iterator[str]:
    """Give a writer a folder for temporary files, removed when the block ends or, after a crash, by `sweep`."""
    folder = root() / _SCRATCH
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as path:
        yield path


def sweep(*, written_before: float, is_live: Callable[[list[str]], set[str]]) -> list[str]:
    """Remove files that no row names, and temporary folders of killed writers. Return the names of the files.

    `written_before` is a Unix time: a younger file's row may still be written. `is_live` returns those of some names
    whose row still has its file; it is asked right before each removal.
    """
    stored = (path for path in sorted(root().glob("[0-9a-f][0-9a-f]/*")) if _STORED_NAME.fullmatch(path.name))
    orphans = [path for path in storage.old_files(stored, written_before) if not is_live([path.name])]
    for path in orphans:
        storage.remove_file(path)
    for path in storage.old_files((root() / _SCRATCH).glob("*"), written_before):
        shutil.rmtree(path, ignore_errors=True)
    return [path.name for path in orphans]
