"""The processes that open files: what they may not do, and what happens when a file ends one."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from evidence import child_process, judging, previews, text_extraction
from evidence.child_process import SandboxFailed, run_child
from evidence.errors import BadEvidence, NotJudged
from evidence.limits import JUDGING, READING
from evidence.sandbox import LIMITS_ALONE, VARIABLE
from evidence.states import TextState
from tests.evidence import files
from tests.evidence.test_kinds import identify
from tests.evidence.test_texts import read
from tests.replacing import replace_in
from tracker.checks import files_are_opened_safely


def _shut_in(code: str, *, argument: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the sandbox."""
    start = f"import sys; sys.path.insert(0, {str(settings.BASE_DIR)!r})\n"
    start += "import ctypes, os, socket, subprocess\n"
    start += "from evidence.limits import READING\nfrom evidence.sandbox import enter_sandbox\n"
    start += "before = os.open('/dev/null', os.O_RDWR); libc = ctypes.CDLL(None, use_errno=True)\n"
    start += "given = open(sys.argv[1], 'wb') if sys.argv[1] else None\nenter_sandbox(READING)\n"
    return subprocess.run(
        [sys.executable, "-I", "-c", start + code, argument],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"LANG": "C.UTF-8", **variables},
    )


def test_the_kernel_permits_nothing_but_work() -> None:
    for code in (
        "socket.socket()",
        "subprocess.run(['/bin/true'])",
        "os.fork()",
        "os.kill(os.getppid(), 0)",
        "open('/proc/self/environ')",
        "open('/etc/passwd')",
        "os.listdir('/')",
        "os.unlink('/tmp/nothing')",
    ):
        assert "PermissionError" in _shut_in(code).stderr, code
    # A library that a file has taken over does not ask Python.
    for call in ("libc.socket(2, 1, 0)", "libc.open(b'/etc/passwd', 0)", "libc.fork()", "libc.getppid()"):
        done = _shut_in(f"answer = {call}; sys.stdout.write(str(answer) + ' ' + str(ctypes.get_errno()))")
        assert done.stdout in ("-1 1", "-1 0"), done.stderr
    assert "MemoryError" in _shut_in("bytearray(READING.memory_bytes)").stderr


def test_no_more_output_than_allowed(tmp_path: Path) -> None:
    path = tmp_path / "out"
    done = _shut_in("given.write(b'x' * (READING.output_bytes + 1)); given.flush()", argument=str(path))
    assert done.returncode != 0
    assert path.stat().st_size <= READING.output_bytes


def test_without_the_filter_python_still_refuses() -> None:
    """SANDBOX=limits: said openly by who runs the installation."""
    weak = {VARIABLE: LIMITS_ALONE}
    assert "PermissionError" in _shut_in("socket.socket()", **weak).stderr
    assert _shut_in("open('/etc/passwd')", **weak).returncode == 0


@pytest.mark.parametrize(
    "draw", [lambda file: previews.draw_preview(file), lambda file: text_extraction.extract(file, kind="txt")]
)
def test_no_child_gets_a_secret(draw: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: dict[str, object] = {}
    start = subprocess.Popen

    def watched(*args: object, **kwargs: object) -> object:
        asked.update(kwargs)
        return start(*args, **kwargs)  # type: ignore[call-overload]

    replace_in(monkeypatch, child_process, "subprocess", Popen=watched)
    path = tmp_path / "a"
    path.write_bytes(files.jpeg())
    with path.open("rb") as file:
        draw(file)  # type: ignore[operator]
    assert asked["env"] == {"LANG": "C.UTF-8"}
    assert asked.get("pass_fds", ()) == () and asked.get("close_fds", True) is True


def _child_does(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(child_process, "_START", code)


def test_reading_that_dies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for ending, state in (
        ("os.kill(os.getpid(), signal.SIGSEGV)", TextState.FAILED),
        ("os.kill(os.getpid(), signal.SIGXCPU)", TextState.TOO_BIG),
        ("os.kill(os.getpid(), signal.SIGKILL)", TextState.TOO_BIG),
        ("sys.exit(1)", TextState.FAILED),
    ):
        _child_does(monkeypatch, f"import os, signal, sys; {ending}")
        assert read(b"a", "txt", tmp_path).state == state, ending


def test_reading_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _child_does(monkeypatch, "import time; print('awal', flush=True); time.sleep(600)")
    monkeypatch.setattr(child_process, "PATIENCE_SECONDS", 1 - READING.wall_seconds)
    assert read(b"a", "txt", tmp_path) == text_extraction.ExtractedText(TextState.DONE, "awal", is_cut=True)


def test_a_file_that_ends_its_judge_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever becomes of the process, and whatever it answers."""
    for work in (
        "while True: pass",
        "bytearray(2**40)",
        "os.kill(os.getpid(), 11)",
        "os.write(1, b'kind exe')",
    ):
        for language in ("ms", "en"):
            code = "import sys, os; sys.path.append(sys.argv[1]); from evidence.sandbox import Limits, run_shut_in\n"
            code += f"def work():\n    {work}\n    return 0\n"
            code += "run_shut_in(work, limits=Limits(2**29, 1, 1, 1024))"
            _child_does(monkeypatch, code)
            with override(language), pytest.raises(BadEvidence) as refusal:
                identify(files.pdf(), "a.pdf")
            assert refusal.value.code == "too_much", work
            assert ("dibenarkan" in str(refusal.value)) == (language == "ms"), work


def test_judging_waits_for_its_turn_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(judging, "TURN_SECONDS", 0.01)
    with judging._turn(), override("en"), pytest.raises(NotJudged, match="Too many files"):
        identify(files.pdf(), "a.pdf")
    assert identify(files.pdf(), "a.pdf").code == "pdf"


def test_without_a_sandbox_no_file_is_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A kernel that does not let a process be shut in is an error, not silence."""
    code = "import os, sys; sys.path.append(sys.argv[1]); from evidence import sandbox\n"
    code += "sandbox._MACHINES.clear(); sandbox.run_shut_in(lambda: 0, limits=sandbox.Limits(2**29, 1, 1, 9))"
    _child_does(monkeypatch, code)
    with pytest.raises(NotJudged):
        identify(files.pdf(), "a.pdf")
    with pytest.raises(SandboxFailed):
        read(b"a", "txt", tmp_path)
    [problem] = list(files_are_opened_safely(None))
    assert problem.id == "tracker.E003"


def test_the_check_says_how_files_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(files_are_opened_safely(None)) == []
    monkeypatch.setattr(settings, "SANDBOX", "limits")
    assert child_process.environment()[VARIABLE] == LIMITS_ALONE
    assert [each.id for each in files_are_opened_safely(None)] == ["tracker.W002"]


def test_what_a_child_says_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    _child_does(monkeypatch, "import sys; sys.stdout.write('x' * 10_000); sys.stderr.write('y' * 10_000)")
    with open(os.devnull, "rb") as nothing:
        ended = run_child("evidence.sandbox", file=nothing, limits=JUDGING)
    assert (len(ended.output), ended.code) == (JUDGING.output_bytes, 0)
