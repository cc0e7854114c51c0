"""The page that answers the ASVS is held to its numbers and to the tests that it names."""

from pathlib import Path

import pytest

from tracker.house import asvs

ROW = "| 1.1.1 | 2 | Input is decoded once | holds | `test_one.py::test_it` |"


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    (tmp_path / "test_one.py").write_text("class TestAll:\n    def test_it(self): ...\n")
    return tmp_path


def told(line: str, tests: Path) -> list[str]:
    """What is said of 1.1.1 in a page of this one line."""
    return [each for each in asvs.faults(asvs.requirements(line), tests) if each.startswith("1.1.1 ")]


def test_the_page_answers_every_requirement_and_counts_its_rows() -> None:
    assert asvs.faults(asvs.requirements(asvs.PAGE.read_text(encoding="utf-8"))) == []
    assert len(asvs.LEVELS) == 253
    assert sum(level == 1 for level in asvs.LEVELS.values()) == 70
    text = asvs.PAGE.read_text(encoding="utf-8")
    assert asvs.count_of(asvs.requirements(text)) in text


def test_a_wrong_row_is_told(tests: Path) -> None:
    assert told(ROW, tests) == []
    for line, fault in (
        ("", "is not answered"),
        (f"{ROW}\n{ROW}", "is answered 2 times"),
        (ROW.replace("test_it", "test_gone"), "names tests/test_one.py::test_gone, which is not there"),
        (ROW.replace("test_one", "test_two"), "names tests/test_two.py::test_it, which is not there"),
        (ROW.replace("| 2 |", "| 1 |"), "is of level 2"),
        (ROW.replace("`test_one.py::test_it`", "We are sure of it."), "holds, but names no test"),
        (ROW.replace("| holds |", "| perhaps |"), "is answered “perhaps”: write one of"),
        (ROW.replace("holds | `test_one.py::test_it`", "open | soon"), "gives no reason"),
    ):
        assert any(fault in each for each in told(line, tests)), line
    found = asvs.faults(asvs.requirements(ROW.replace("1.1.1", "1.1.9")), tests)
    assert "1.1.9 is no requirement of levels 1 and 2" in found
