"""The process that reads the text of one file: its kind in, the file as standard input, the text out.

The text is written as it comes, so that a limit that is reached keeps what was read before.
"""

import os
import sys
from collections.abc import Iterator

from evidence.extraction.readers import import_for, read
from evidence.limits import MAX_TEXT_CHARACTERS, READING
from evidence.sandbox import DONE, TOO_MUCH, run_shut_in


def start(kind: str) -> None:
    """Import what this kind needs, shut the process in, and read."""
    import_for(kind)
    run_shut_in(lambda: _write(read(kind, sys.stdin.buffer)), limits=READING)


def _write(pieces: Iterator[str]) -> int:
    """Write the pieces up to the limit of length; return the exit code."""
    room = MAX_TEXT_CHARACTERS
    with os.fdopen(1, "wb", closefd=False) as output:
        for piece in pieces:
            output.write(piece[:room].encode("utf-8", "replace"))
            room -= len(piece)
            if room <= 0:
                return TOO_MUCH
    return DONE
