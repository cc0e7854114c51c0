"""A run of the benchmarks: its parts have limits, tell how long they take, and end the run when they fail."""

import io
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as command
from benchmarks.parts import Bench, BenchPart
from benchmarks.processes import ChildFailed
from benchmarks.results import Measurement
from benchmarks.running import PartProgress, TooLong, clock_time, time_limit

pytestmark = pytest.mark.long


def test_time_limit_ends_what_waits_and_is_over_with_its_block() -> None:
    began = time.monotonic()
    with pytest.raises(TooLong, match="pages took longer than 0:00"), time_limit("pages", 0.1):
        time.sleep(30)
    assert time.monotonic() - began < 5
    with time_limit("pages", 0.1):
        pass
    time.sleep(0.2)


def test_progress_tells_the_name_and_the_time_again_and_again() -> None:
    out = io.StringIO()
    with PartProgress("pages", every_seconds=0.02, out=out) as progress:
        progress.step("eight clients")
        time.sleep(0.1)
    lines = out.getvalue().splitlines()
    assert lines[0] == "[pages 0:00] started"
    assert lines.count("[pages 0:00] eight clients") > 2
    assert lines[-1] == "[pages 0:00] done"
    assert progress.seconds > 0.09


def test_progress_tells_that_a_part_failed() -> None:
    out = io.StringIO()
    with pytest.raises(ValueError, match="x"), PartProgress("pages", out=out):
        raise ValueError("x")
    assert out.getvalue().splitlines()[-1] == "[pages 0:00] failed"


def test_clock_time_and_how_near_its_goal_a_figure_is() -> None:
    for seconds, text in ((0.9, "0:00"), (65, "1:05"), (3_600, "60:00")):
        assert clock_time(seconds) == text, seconds
    for value, unit, word in (
        (1.0, "ms", "ok"),
        (1.8, "ms", "ok"),
        (1.9, "ms", "tight"),
        (2.0, "", "ok"),
        (2.1, "", "short"),
    ):
        assert Measurement("x", value, 1.0, 2.0, unit=unit).word == word, value


class NoDatabases:
    """Databases of a run that needs none."""

    def __init__(self, _folder: Path, *, is_small: bool) -> None:
        pass

    @contextmanager
    def running(self) -> Iterator[None]:
        yield

    def make(self, names: Iterable[str], *, tell: Any) -> None:
        assert not list(names)


def _run(monkeypatch: pytest.MonkeyPatch, *parts: BenchPart, explain: bool = False) -> int:
    monkeypatch.setattr(command, "Databases", NoDatabases)
    monkeypatch.setattr(command, "PARTS", {f"part{number}": part for number, part in enumerate(parts)})
    monkeypatch.setattr(sys, "argv", ["benchmarks"])
    return command.main()


def _good(_bench: Bench) -> Iterator[Measurement]:
    yield Measurement("good", 1.0, 1.0, 2.0)


def _short(_bench: Bench) -> Iterator[Measurement]:
    yield Measurement("bad", 3.0, 1.0, 2.0)


def _broken(_bench: Bench) -> Iterator[Measurement]:
    yield Measurement("good", 1.0, 1.0, 2.0)
    raise ChildFailed("children.writes was killed by signal 9")


def _slow(_bench: Bench) -> Iterator[Measurement]:
    time.sleep(30)
    yield Measurement("good", 1.0, 1.0, 2.0)


@pytest.mark.parametrize(
    ("parts", "code"), [([_good], 0), ([_short, _good], 1), ([_broken, _good], 2), ([_slow, _good], 2)]
)
def test_run_ends_with_what_became_of_it(
    monkeypatch: pytest.MonkeyPatch, parts: list[Any], code: int
) -> None:
    assert _run(monkeypatch, *(BenchPart((), measure, limit_seconds=0.2) for measure in parts)) == code


def test_run_that_breaks_off_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(monkeypatch, BenchPart((), _broken), BenchPart((), _good))
    shown = capsys.readouterr()
    assert shown.out.splitlines() == ["good 1.00ms 1.00ms 1.00 2 ok"]
    assert "[part0 0:00] failed" in shown.err
    assert shown.err.endswith("The run broke off: children.writes was killed by signal 9.\n")
