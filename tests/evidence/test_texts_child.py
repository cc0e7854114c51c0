"""The child process that extracts text: what it may not do, and the outcome when a file ends it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from evidence import text_extraction
from evidence.extraction import child
from evidence.states import TextState
from tests.evidence.test_texts import read


def _in_child(code: str, *, argument: str = "") -> subprocess.CompletedProcess[str]:
    """Run Python in the sandbox of the child."""
    start = f"import sys; sys.path.insert(0, {str(settings.BASE_DIR)!r})\n"
    start += "from evidence.extraction import child; from evidence.sandbox import enter_sandbox\n"
    start += "enter_sandbox(memory_bytes=child.MEMORY_BYTES, cpu_seconds=5, wall_seconds=60, "
    start += "output_bytes=child.MAX_OUTPUT_BYTES)\n"
    return subprocess.run(
        [sys.executable, "-I", "-c", start + code, argument],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_child_has_no_network() -> None:
    done = _in_child("import socket; socket.socket()")
    assert "PermissionError" in done.stderr


def test_child_starts_no_program() -> None:
    done = _in_child("import subprocess; subprocess.run(['/bin/true'])")
    assert "PermissionError" in done.stderr


def test_child_takes_no_more_memory_than_allowed() -> None:
    done = _in_child("b = bytearray(child.MEMORY_BYTES)")
    assert "MemoryError" in done.stderr


def test_child_writes_no_more_than_allowed(tmp_path: Path) -> None:
    path = tmp_path / "out"
    code = "with open(sys.argv[1], 'wb') as file: file.write(b'x' * (child.MAX_OUTPUT_BYTES + 1))"
    done = _in_child(code, argument=str(path))
    assert done.returncode != 0
    assert path.stat().st_size <= child.MAX_OUTPUT_BYTES


def test_child_gets_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its environment is empty: it holds neither the database's password nor the secret key."""
    script = tmp_path / "tell.py"
    script.write_text("import os, sys; sys.stdout.write(repr(sorted(os.environ)))")
    monkeypatch.setattr(text_extraction, "_CHILD", script)
    assert "SECRET_KEY" not in read(b"a", "txt", tmp_path).text
    assert "DATABASE" not in read(b"a", "txt", tmp_path).text


@pytest.mark.parametrize(
    ("ending", "state"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", TextState.FAILED),
        ("os.kill(os.getpid(), signal.SIGXCPU)", TextState.TOO_BIG),
        ("os.kill(os.getpid(), signal.SIGKILL)", TextState.TOO_BIG),
        ("sys.exit(1)", TextState.FAILED),
    ],
)
def test_child_that_dies(
    ending: str, state: TextState, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "die.py"
    script.write_text(f"import os, signal, sys; {ending}")
    monkeypatch.setattr(text_extraction, "_CHILD", script)
    assert read(b"a", "txt", tmp_path).state == state


def test_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "hang.py"
    script.write_text("import time; print('awal', flush=True); time.sleep(600)")
    monkeypatch.setattr(text_extraction, "_CHILD", script)
    monkeypatch.setattr(text_extraction, "_LAST_PATIENCE_SECONDS", 1)
    assert read(b"a", "txt", tmp_path) == text_extraction.ExtractedText(TextState.DONE, "awal", is_cut=True)


def test_web_process_never_imports_a_reader() -> None:
    """Settings, URLs, middleware and every view: none of them imports a library that opens files."""
    code = """
import sys
import django
django.setup()
import tracker.wsgi
from django.urls import get_resolver
def walk(patterns):
    for pattern in patterns:
        walk(getattr(pattern, "url_patterns", [])) or getattr(pattern, "callback", None)
walk(get_resolver().url_patterns)
print(*sorted(name for name in sys.modules if name.split(".")[0] in
    ("pypdfium2", "docx", "pptx", "odfdo") or name.startswith(("evidence.extraction", "evidence.text_extraction"))))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
