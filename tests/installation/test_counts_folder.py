"""The folder of counts: one of a web that was killed is removed by the next, one in use never."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.databases import BASE

#: Makes a folder, and a copy of itself as the web's processes are; prints where, and waits.
_WEB = """
import os, sys, time
from pathlib import Path
from installation import counts_folder
counts_folder._MEMORY = Path(sys.argv[1])
counts_folder.make_counts_folder()
copy = os.fork()
if copy:
    print(os.environ["PROMETHEUS_MULTIPROC_DIR"], copy, flush=True)
time.sleep(60)
"""


@contextmanager
def web(memory: Path) -> Iterator[tuple[Path, "subprocess.Popen[str]", int]]:
    """A process with a copy; yield its folder and both."""
    command = [sys.executable, "-c", _WEB, str(memory)]
    process = subprocess.Popen(command, cwd=BASE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    folder, copy = process.stdout.readline().split()
    try:
        yield Path(folder), process, int(copy)
    finally:
        for pid in (process.pid, int(copy)):
            kill(pid)
        process.wait(10)
        process.stdout.close()


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def test_folder_of_a_killed_web_is_removed_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "jejak-counts-of-an-earlier-release").mkdir()
    with web(tmp_path) as (first, process, copy):
        kill(process.pid)
        process.wait(10)
        with web(tmp_path) as (second, _process, _copy):
            assert first.is_dir() and second.is_dir(), "a copy still counts in the first"
        kill(copy)
        wait_until_gone(copy)
        with web(tmp_path) as (third, _process, _copy):
            assert set(tmp_path.iterdir()) == {tmp_path / "jejak-counts-of-an-earlier-release", third}


def wait_until_gone(pid: int) -> None:
    """Wait until the system has let go of what a process held; who takes over children reaps it."""
    for _ in range(500):
        if not Path(f"/proc/{pid}/fd").is_dir() or not _holds(pid):
            return
        time.sleep(0.01)


def _holds(pid: int) -> bool:
    try:
        return any(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False
