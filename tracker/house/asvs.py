"""Holds docs/asvs.md to the list of requirements and to the tests that it names.

The page answers every requirement of levels 1 and 2 of the OWASP Application Security Verification Standard 5.0, in
tables whose rows are: number, level, what is asked, answer, proof or reason. `python -m tracker.house.asvs` prints one
line for each fault and ends with 1 when there is one.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
PAGE = BASE / "docs" / "asvs.md"
TESTS = BASE / "tests"
HOLDS, NOT_FOR_US, OPEN = "holds", "does not apply", "open"
ANSWERS = (HOLDS, NOT_FOR_US, OPEN)
#: A reason of fewer characters says nothing.
LEAST_REASON = 15
#: The levels of the requirements of each section, in their order: 1.1.1 and 1.1.2 are of level 2. Higher levels left out.
_SECTIONS = """
1.1:22 1.2:111112222 1.3:11222222222 1.4:222 1.5:12 2.1:122 2.2:112 2.3:1222 2.4:2 3.2:11 3.3:1222 3.4:112222
3.5:11122 3.7:22 4.1:122 4.2:2 4.3:22 4.4:1222 5.1:2 5.2:112 5.3:11 5.4:222 6.1:122 6.2:111111112222 6.3:1122
6.4:1122 6.5:22222 6.6:222 6.8:2222 7.1:222 7.2:1111 7.3:22 7.4:11222 7.5:22 7.6:22 8.1:12 8.2:112 8.3:1 8.4:2
9.1:111 9.2:1222 10.1:22 10.2:22 10.3:2222 10.4:11111222222 10.5:22222 10.6:22 10.7:222 11.1:22 11.2:222 11.3:112
11.4:1222 11.5:2 11.6:2 12.1:122 12.2:11 12.3:2222 13.1:2 13.2:22222 13.3:22 13.4:12222 14.1:22 14.2:1222 14.3:122
15.1:122 15.2:122 15.3:1222222 16.1:2 16.2:22222 16.3:2222 16.4:222 16.5:222 17.1:2 17.2:2222 17.3:22
"""
LEVELS = {
    f"{section}.{number}": int(level)
    for section, levels in (part.split(":") for part in _SECTIONS.split())
    for number, level in enumerate(levels, 1)
}

_ROW = re.compile(
    r"\| (?P<number>\d+\.\d+\.\d+) \| (?P<level>\d) \| (?P<asked>.+?) \| (?P<answer>.+?) \| (?P<why>.*?) \|"
)
_TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


@dataclass(frozen=True)
class Requirement:
    """One row of the page: what is asked, in our words, and what we answer."""

    number: str
    level: int
    asked: str
    answer: str
    why: str

    @property
    def tests(self) -> list[tuple[str, str]]:
        """The tests that it names: (path below tests/, name)."""
        return _TEST.findall(self.why)


def requirements(text: str) -> list[Requirement]:
    """Return the rows of all tables in a page, in order."""
    found = (match for line in text.splitlines() if (match := _ROW.fullmatch(line)))
    return [
        Requirement(row["number"], int(row["level"]), row["asked"], row["answer"], row["why"])
        for row in found
    ]


def faults(rows: list[Requirement], tests: Path = TESTS) -> list[str]:
    """Return what is wrong with the rows: numbers that are missing, double or unknown, levels, answers, proofs."""
    counted = Counter(row.number for row in rows)
    return [
        *(f"{number} is not answered" for number in LEVELS if not counted[number]),
        *(f"{number} is answered {times} times" for number, times in counted.items() if times > 1),
        *(f"{number} is no requirement of levels 1 and 2" for number in counted if number not in LEVELS),
        *(fault for row in rows if row.number in LEVELS for fault in _faults_of(row, tests)),
    ]


def count_of(rows: list[Requirement]) -> str:
    """Return the sentence with which the page says how many requirements have which answer."""
    counted = Counter(row.answer for row in rows)
    return f"Of {len(rows)} requirements {counted[HOLDS]} hold, {counted[NOT_FOR_US]} do not apply and {counted[OPEN]} are open."


def _faults_of(row: Requirement, tests: Path) -> list[str]:
    found = []
    if row.level != LEVELS[row.number]:
        found.append(f"{row.number} is of level {LEVELS[row.number]}")
    if row.answer not in ANSWERS:
        found.append(f"{row.number} is answered “{row.answer}”: write one of {', '.join(ANSWERS)}")
    if row.answer == HOLDS and not row.tests:
        found.append(f"{row.number} holds, but names no test")
    if row.answer != HOLDS and len(row.why) < LEAST_REASON:
        found.append(f"{row.number} gives no reason")
    found += [
        f"{row.number} names tests/{path}::{name}, which is not there"
        for path, name in row.tests
        if name not in _tests_in(tests / path)
    ]
    return found


@cache
def _tests_in(path: Path) -> frozenset[str]:
    """Return the names of the tests in a module; none where there is no such module."""
    if not path.is_file():
        return frozenset()
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef))


def main() -> None:
    """Print the faults of the page; end with 1 when there are any."""
    text = PAGE.read_text(encoding="utf-8")
    rows = requirements(text)
    found = faults(rows)
    if count_of(rows) not in text:
        found.append(f"the page counts otherwise: write “{count_of(rows)}”")
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
