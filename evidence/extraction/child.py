"""The child process: `child.py KIND < FILE > TEXT`. One file, within limits, with an empty environment.

The text is written as it comes, so that a limit that is reached keeps what was read before. Ends with one of
the codes below, or by a signal when a library was led astray.
"""

import contextlib
import os
import sys
from pathlib import Path
from typing import IO, Any

DONE, CUT, FAILED = 0, 3, 4

#: What the process may take, besides what `enter_sandbox` allows to all.
MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 30
WALL_SECONDS = 60
#: Of a longer text the beginning is kept: 1,000,000 characters are about 400 pages.
MAX_CHARACTERS = 1_000_000
MAX_OUTPUT_BYTES = 4 * MAX_CHARACTERS


def main(kind: str) -> int:
    """Read standard input as a file of this kind and write its text to standard output; return the exit code."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
    from evidence.extraction.readers import read
    from evidence.sandbox import LimitReached, enter_sandbox

    enter_sandbox(
        memory_bytes=MEMORY_BYTES,
        cpu_seconds=CPU_SECONDS,
        wall_seconds=WALL_SECONDS,
        output_bytes=MAX_OUTPUT_BYTES,
    )
    output = os.fdopen(sys.stdout.fileno(), "wb", closefd=False)
    try:
        return _write(read(kind, sys.stdin.buffer), output)
    except (LimitReached, MemoryError):
        return CUT
    except Exception as error:
        print(f"{type(error).__name__}: {error}"[:300], file=sys.stderr)
        return CUT if "memory" in str(error).lower() else FAILED
    finally:
        with contextlib.suppress(OSError):
            output.flush()


def _write(pieces: Any, output: IO[bytes]) -> int:
    """Write the pieces up to the limit of length; return the exit code."""
    room = MAX_CHARACTERS
    for piece in pieces:
        output.write(piece[:room].encode("utf-8", "replace"))
        room -= len(piece)
        if room <= 0:
            return CUT
    return DONE


if __name__ == "__main__":
    # What libraries want to tidy up at the end is not waited for.
    os._exit(main(sys.argv[1]))
