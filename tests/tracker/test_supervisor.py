"""Children are kept, restarted, and never left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker.processes import is_alive

pytestmark = pytest.mark.long

BASE = Path(__file__).resolve().parent.parent.parent
PROGRAM = """
import sys
from pathlib import Path
from tracker.supervisor import Child, Supervisor

folder = Path(sys.argv[1])

def child(name, text):
    return Child(name, [sys.executable, "-c", text, str(folder / name)], {}, folder / f"{name}.log")

WRITE = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()} '); "
children = [child("steady", WRITE + "time.sleep(600)"), child("falls", WRITE + "print('oh'); sys.exit(3)")]
with Supervisor(children, say=lambda text: print(text, flush=True)) as supervisor:
    supervisor.run()
print("stopped", flush=True)
"""


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(tmp_path)],
        cwd=BASE,
        stdout=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: len(pids(tmp_path / "falls")) >= 2 and pids(tmp_path / "steady"))
    yield process
    process.kill()
    process.communicate()


def pids(file: Path) -> list[int]:
    return [int(word) for word in file.read_text().split()] if file.exists() else []


def wait_for(true: object, seconds: float = 20) -> None:
    assert callable(true)
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.02)


def test_child_that_falls_is_started_again(supervised: "subprocess.Popen[str]", tmp_path: Path) -> None:
    assert len(set(pids(tmp_path / "falls"))) >= 2
    assert "oh" in (tmp_path / "falls.log").read_text()
    assert supervised.stdout is not None
    assert supervised.stdout.readline().startswith("falls ended (3) and starts again in 1 s")
    assert len(pids(tmp_path / "steady")) == 1


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stop_on_a_signal_ends_all(
    supervised: "subprocess.Popen[str]", tmp_path: Path, sign: signal.Signals
) -> None:
    supervised.send_signal(sign)
    said, _ = supervised.communicate(timeout=20)
    assert said.endswith("stopped\n")
    assert supervised.returncode == 0
    assert not is_alive(pids(tmp_path / "steady")[0])


def test_kill_leaves_no_child(supervised: "subprocess.Popen[str]", tmp_path: Path) -> None:
    supervised.kill()
    supervised.wait()
    wait_for(lambda: not is_alive(pids(tmp_path / "steady")[0]))


def test_child_that_is_killed_comes_back(supervised: "subprocess.Popen[str]", tmp_path: Path) -> None:
    os.kill(pids(tmp_path / "steady")[0], signal.SIGKILL)
    wait_for(lambda: len(pids(tmp_path / "steady")) == 2)
    assert is_alive(pids(tmp_path / "steady")[1])
