"""The process that judges one file: the extension of its name in, the file as standard input, an answer out.

The answer is a line: `kind CODE`, or `refused SENTENCE` with what it mentions behind it.
"""

import os
import sys

from evidence.kinds import HEAD_BYTES, identify, import_for
from evidence.kinds.refusals import Refused
from evidence.limits import JUDGING
from evidence.sandbox import DONE, run_shut_in


def start(extension: str) -> None:
    """Import what the file's beginning asks for, shut the process in, and judge."""
    import_for(sys.stdin.buffer.read(HEAD_BYTES))
    run_shut_in(lambda: _judge(extension), limits=JUDGING)


def _judge(extension: str) -> int:
    file = sys.stdin.buffer
    try:
        answer = f"kind {identify(file, extension=extension, size=os.fstat(file.fileno()).st_size).code}"
    except Refused as refusal:
        answer = f"refused {refusal.sentence} {refusal.what}"
    os.write(1, answer.encode())
    return DONE
