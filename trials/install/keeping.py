"""What an operator must not lose by running a block of commands again: settings and secrets."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tracker.house.fresh.debian import Failed
from trials.install.shell import Shell

#: pgBackRest's holds a password of its own.
_FOLDER, _PGBACKREST = "etc/jejak", "etc/pgbackrest.conf"


def kept_files(root: Path) -> dict[str, str]:
    """Return the hash of each file with settings and secrets below a root folder, by its path there."""
    files = [path for path in [*(root / _FOLDER).rglob("*"), root / _PGBACKREST] if path.is_file()]
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def perform_again(shell: Shell, root: Path, text: str) -> None:
    """Run a block that has just been run once more, and see that it keeps all of them. Raises Failed."""
    before = kept_files(root)
    shell.perform(text)
    after = kept_files(root)
    if changed := sorted(path for path, value in before.items() if after.get(path) != value):
        raise Failed(f"run again, a block changes {', '.join(changed)}; the block was:\n{text}")
