"""Keep files that are made from installed packages or from sources, in a folder that changes with what they are made of."""

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path


def build_files(root: Path, version: str, writers: Mapping[str, Callable[[Path], None]]) -> Path:
    """Return the folder `root/version` with a file for each writer; make those that are missing.

    Safe when two processes call it at once: each file appears complete, by a rename.
    """
    folder = root / version
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in writers.items():
        if not (folder / name).exists():
            handle, part = tempfile.mkstemp(dir=folder, suffix=".part")
            os.close(handle)
            write(Path(part))
            os.chmod(part, 0o644)
            os.replace(part, folder / name)
    return folder
