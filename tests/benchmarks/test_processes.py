"""ChildProcess processes of the benchmarks: whatever happens to one, the parent learns of it and waits no longer."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.parts.writes import write_at_once
from benchmarks.processes import BASE, ChildFailed, ChildProcess, answering, run
from tracker.processes import is_alive

pytestmark = pytest.mark.long

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PYTHONPATH": str(BASE),
    "DJANGO_SETTINGS_MODULE": "tests.benchmarks.no_settings",
}
MODULE = "tests.benchmarks.bad_child"
Start = Callable[..., ChildProcess]


@pytest.fixture
def facts_file(tmp_path: Path) -> Path:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({"day": "2023-09-14"}), encoding="utf-8")
    return path


@pytest.fixture
def start(facts_file: Path) -> Iterator[Start]:
    with ExitStack() as stack:
        yield lambda *arguments: stack.enter_context(answering(ENVIRONMENT, MODULE, facts_file, *arguments))


def test_answers_with_the_facts_and_takes_no_print_for_an_answer(start: Start) -> None:
    child = start()
    assert child.ask("print") is None
    assert child.ask("echo", value=7) == [{"day": "2023-09-14"}, 7]


def test_error_of_a_child_stands_on_the_screen(start: Start, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ChildFailed, match="bad_child ended with code 1"):
        start().ask("raise")
    assert "ValueError: these are the words of the error" in capfd.readouterr().err


def test_child_that_cannot_start_fails_with_its_error(
    start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ChildFailed, match="ended with code 1"):
        start("dies at once").ask("echo", value=1)
    assert "it never became ready" in capfd.readouterr().err


def test_module_without_answers_fails(facts_file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ChildFailed, match="ended with code 1"):
        run(ENVIRONMENT, "tests.benchmarks.no_settings", facts_file, limit_seconds=20)
    assert "AttributeError" in capfd.readouterr().err


def test_child_that_is_killed_is_noticed(start: Start) -> None:
    with pytest.raises(ChildFailed, match="was killed by signal 9"):
        start().ask("die")


def test_child_that_is_dead_already_is_noticed(start: Start) -> None:
    child = start()
    child.ask("echo", value=1)
    child.process.kill()
    child.process.wait(10)
    with pytest.raises(ChildFailed, match="was killed by signal 9"):
        child.ask("echo", value=2)


def test_child_that_never_answers_is_given_up_and_ended(start: Start) -> None:
    child = start()
    child.ask("echo", value=1)
    began = time.monotonic()
    with pytest.raises(ChildFailed, match=r"did not answer within 0\.2 seconds"):
        child.ask("sleep", limit_seconds=0.2)
    child.process.kill()
    assert time.monotonic() - began < 10


def test_writer_that_is_killed_ends_the_round(start: Start) -> None:
    """As a barrier would not: the others wait for nobody, and the parent waits for nobody who is dead."""
    writers = [start() for _number in range(2)] + [start("hangs")]
    for writer in writers:
        writer.ask("echo", value=1)
    writers[1].process.send_signal(signal.SIGSTOP)
    writers[1].process.kill()
    with pytest.raises(ChildFailed, match="was killed by signal 9"):
        write_at_once(writers, 10)


def test_writer_that_raises_ends_the_round(start: Start, capfd: pytest.CaptureFixture[str]) -> None:
    writers = [start(), start("dies at once")]
    with pytest.raises(ChildFailed, match="ended with code 1"):
        write_at_once(writers, 10)
    assert "it never became ready" in capfd.readouterr().err


def test_no_child_outlives_its_block(facts_file: Path) -> None:
    with answering(ENVIRONMENT, MODULE, facts_file) as child:
        child.ask("echo", value=1)
    assert not is_alive(child.process.pid)
