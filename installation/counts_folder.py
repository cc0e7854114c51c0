"""Where each process of the web keeps what it counts, so that whoever is asked can add up all (`installation.metrics`)."""

import fcntl
import os
import shutil
import sys
import tempfile
from pathlib import Path

_NAME = "PROMETHEUS_MULTIPROC_DIR"
_MEMORY = Path("/dev/shm")  # noqa: S108 - where the system keeps files in memory
_PREFIX = "jejak-counts-"
#: A file of the folder. Whoever counts there holds its lock, which the system lets go when the last of them has ended.
_HELD = "held"


def make_counts_folder() -> None:
    """Make a folder for the processes that this one starts, and remove those of webs that were killed.

    Too late once the library is there: it has looked for one.
    """
    if "prometheus_client" not in sys.modules:
        parent = _MEMORY if _MEMORY.is_dir() else Path(tempfile.gettempdir())
        _remove_left(parent)
        folder = tempfile.mkdtemp(prefix=_PREFIX, dir=parent)
        _hold(Path(folder))
        os.environ[_NAME] = folder


def remove_counts_folder() -> None:
    """Remove the folder, when all who count have ended."""
    shutil.rmtree(os.environ[_NAME], ignore_errors=True)


def _hold(folder: Path) -> None:
    """Hold the folder as long as this process or one of its copies runs: nobody sees the file before it is locked."""
    file, name = tempfile.mkstemp(dir=folder)
    fcntl.flock(file, fcntl.LOCK_EX)
    os.rename(name, folder / _HELD)


def _remove_left(parent: Path) -> None:
    """Remove the folders that nobody holds any more."""
    for held in parent.glob(f"{_PREFIX}*/{_HELD}"):
        try:
            with held.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(held.parent, ignore_errors=True)
        except OSError:
            # Another web counts there, or it belongs to somebody else.
            continue
