"""Small copies of images, drawn by a process of its own (`preview_process`)."""

from typing import IO

from evidence.child_process import run_child
from evidence.limits import DRAWING
from evidence.sandbox import DONE

PROCESS = "evidence.preview_process"


def draw_preview(file: IO[bytes]) -> bytes | None:
    """Return a JPEG of at most 1600 pixels a side, upright, without metadata; None for an unreadable image.

    Raises SandboxFailed where the kernel lets no process be shut in.
    """
    ended = run_child(PROCESS, file=file, limits=DRAWING)
    return ended.output if ended.code == DONE and ended.output.startswith(b"\xff\xd8\xff") else None
