"""Where each process of the web keeps what it counts, so that whoever is asked can add up all (`installation.metrics`)."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

_NAME = "PROMETHEUS_MULTIPROC_DIR"
_MEMORY = Path("/dev/shm")  # noqa: S108 - where the system keeps files in memory


def make_counts_folder() -> None:
    """Make a folder for the processes that this one starts. Too late once the library is there: it has looked for one."""
    if "prometheus_client" not in sys.modules:
        os.environ[_NAME] = tempfile.mkdtemp(
            prefix="jejak-counts-", dir=_MEMORY if _MEMORY.is_dir() else None
        )


def remove_counts_folder() -> None:
    """Remove the folder, when all who count have ended."""
    shutil.rmtree(os.environ[_NAME], ignore_errors=True)
