"""The files that lie beside a cycle file and belong to it."""

import re
from pathlib import Path

#: A name without a path: nothing outside the folder is ever read.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)+")


class FilesBeside:
    """Reads files of one folder by name, and keeps what was read. A file that was uploaded has no folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.taken: dict[str, bytes] = {}

    def read(self, name: str, *, most: int) -> bytes | None:
        """Return the first `most` bytes and one more of a file; None if there is no such file, or it cannot be read."""
        if self.folder is None or not _NAME.fullmatch(name):
            return None
        try:
            with (self.folder / name).open("rb") as file:
                self.taken[name] = file.read(most + 1)
        except OSError:
            return None
        return self.taken[name]

    @property
    def texts(self) -> dict[str, str]:
        """Return the text of each file that was read, by its name."""
        return {name: data.decode("utf-8-sig", errors="replace") for name, data in self.taken.items()}
