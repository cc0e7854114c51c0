"""Bytes on disk. Bytes first, row after: what a row names is there, complete and synced.

MEDIA_ROOT holds `tmp/` (arriving files), `<2 hex>/<32 hex>` (stored files) and `previews/<2 hex>/<32
hex>.jpg` (our own small copies). All are in one file system, so that a rename is atomic. A crash at any step
leaves at worst an orphan, which `sweep` removes after a day.
"""

import hashlib
import logging
import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from evidence.errors import StorageFailed

logger = logging.getLogger(__name__)

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
_CHUNK_BYTES = 1024 * 1024
#: How many names are asked for at a time.
_BATCH = 500


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def path_of(stored_name: str) -> Path:
    """Return the path of a stored name; the name is ours, never a person's."""
    return root() / stored_name[:2] / stored_name


def preview_path_of(stored_name: str) -> Path:
    return root() / "previews" / stored_name[:2] / f"{stored_name}.jpg"


def new_stored_name() -> str:
    return uuid.uuid4().hex


def open_part(*, buffering: int = -1) -> BinaryIO:
    """Return a new file in `tmp/`, open for reading and writing, whose `name` is its path. Leftovers are swept."""
    path = _make_folder(root() / "tmp") / f"{new_stored_name()}.part"
    return open(path, "x+b", buffering, opener=partial(os.open, mode=_FILE_MODE))


def digest_of(file: IO[bytes]) -> tuple[str, int]:
    """Return the SHA-256 of the rest of a file, and its number of bytes."""
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(_CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


class Spool:
    """An arriving file: hashed and counted while it is written to `tmp/`.

    It never grows past `max_bytes`: later bytes are dropped and `is_too_big` is True. A disk error is
    remembered and raised by `store`, so that the rest of a form is still read.
    """

    def __init__(self, *, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.size = 0
        self._hash = hashlib.sha256()
        self._failure: OSError | None = None
        try:
            self.file = open_part(buffering=0)
        except OSError as error:
            self._failure = error
            self.file = open(os.devnull, "r+b", buffering=0)  # noqa: SIM115 - `close` does
        self.path = Path(self.file.name)

    @property
    def is_too_big(self) -> bool:
        return self.size > self.max_bytes

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Take the next bytes; never raises for a full disk or a file that is too big."""
        self.size += len(chunk)
        if self.is_too_big or self._failure:
            return
        self._hash.update(chunk)
        try:
            _write_all(self.file, chunk)
        except OSError as error:
            self._failure = error

    def demand_whole(self) -> None:
        """Raise StorageFailed if a write failed."""
        if self._failure:
            raise _storage_failed(self._failure)

    def store(self, path: Path) -> None:
        """Move the bytes to their final path, synced: file, rename, folder. Raises StorageFailed."""
        self.demand_whole()
        try:
            os.fsync(self.file.fileno())
            move_into_place(self.path, path)
        except OSError as error:
            raise _storage_failed(error) from error
        finally:
            self.close()

    def close(self) -> None:
        """Close the file and remove what is left in `tmp/`; safe to call again."""
        if not self.file.closed:
            self.file.close()
            if self.path != Path(os.devnull):
                self.path.unlink(missing_ok=True)


def store_preview(stored_name: str, *, content: bytes) -> None:
    """Write our small copy of an image, complete or not at all. Raises StorageFailed."""
    with closing(Spool(max_bytes=len(content))) as spool:
        spool.write(content)
        spool.store(preview_path_of(stored_name))


def remove(stored_name: str) -> None:
    """Delete the bytes and the preview of a stored name, synced; safe when they are gone."""
    for path in (path_of(stored_name), preview_path_of(stored_name)):
        remove_file(path)


def remove_file(path: Path) -> None:
    """Delete one file, synced; safe when it is gone."""
    if path.exists():
        path.unlink()
        _sync_folder(path.parent)


def sweep(*, written_before: float, is_live: Callable[[list[str]], set[str]]) -> list[str]:
    """Delete orphans: files that no row names, and leftovers in `tmp/`. Return the names deleted.

    `written_before` is in seconds of the machine's clock. A younger file is never touched, because its row
    may be on its way. The age is that of the inode's last change, which a restored backup renews and no copy
    tool can fake. `is_live` returns which of the names have a row; it is asked again for each file right
    before its removal.
    """
    removed = [
        path.name for path in old_files((root() / "tmp").glob("*.part"), written_before) if _remove(path)
    ]
    kept = chain(root().glob("[0-9a-f][0-9a-f]/*"), (root() / "previews").glob("[0-9a-f][0-9a-f]/*.jpg"))
    candidates = [(path, path.name.removesuffix(".jpg")) for path in old_files(kept, written_before)]
    live: set[str] = set()
    for start in range(0, len(candidates), _BATCH):
        live |= is_live([name for _path, name in candidates[start : start + _BATCH]])
    for path, name in candidates:
        if name not in live and not is_live([name]) and _remove(path):
            removed.append(path.name)
    return removed


def old_files(paths: Iterable[Path], written_before: float) -> Iterator[Path]:
    """Yield the paths whose last change is before `written_before`."""
    for path in paths:
        try:
            status = path.lstat()
        except FileNotFoundError:
            continue
        if max(status.st_ctime, status.st_mtime) < written_before:
            yield path


def _remove(path: Path) -> bool:
    """Delete a file; return False, and log it, if that fails."""
    try:
        path.unlink()
    except OSError:
        logger.exception("An orphan could not be removed: %s", path.name)
        return False
    return True


def _write_all(file: IO[bytes], chunk: bytes) -> None:
    """Write the whole chunk, however many calls it takes."""
    view = memoryview(chunk)
    while view:
        view = view[file.write(view) :]


def move_into_place(source: Path, target: Path) -> None:
    """Give a synced file its final name, in a folder that is synced too."""
    _make_folder(target.parent)
    os.rename(source, target)
    _sync_folder(target.parent)


def _make_folder(folder: Path) -> Path:
    """Return the folder, created and synced with its parents up to MEDIA_ROOT."""
    if not folder.is_dir():
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        _sync_folder(folder.parent)
        _sync_folder(root())
    return folder


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _storage_failed(error: OSError) -> StorageFailed:
    """Log a disk error and return it as a refusal for the reader."""
    logger.error("Evidence could not be stored: %s", error)
    return StorageFailed(
        _(
            "The file could not be stored because of a disk problem on the server. It was not kept; your "
            "text is not affected. Try again in a few minutes; if it fails again, tell the administrator."
        )
    )
