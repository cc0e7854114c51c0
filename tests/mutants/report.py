"""The survivors with their reasons, as text and as docs/mutants.md."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.databases import BASE
from tests.mutants.areas import AREAS

if TYPE_CHECKING:
    from tests.mutants.__main__ import Result

PAGE = BASE / "docs/mutants.md"
REASONS = Path(__file__).with_name("reasons.toml")
_HEAD = """# Mutants

`make mutants` changes the functions of the core one by one (with mutmut) and runs the tests that should notice. An area
passes with 90 %. This page lists what nobody noticed, each with its reason. It is written by `make mutants ARGS=--write`
from `tests/mutants/reasons.toml`; an area that such a run leaves out keeps what the last one said of it.

mutmut changes neither what stands outside of functions (tables such as `MOVES`, statements in SQL) nor functions with
decorators; tests of their own hold these.
"""
_TABLE_HEAD = "| Area | Mutants | Killed | Survived | With a reason | % |\n|---|---|---|---|---|---|"


def reasons() -> dict[tuple[str, str], str]:
    """Return the reasons, written by hand, by function and change."""
    listed = tomllib.loads(REASONS.read_text(encoding="utf-8")).get("survivor", [])
    return {(each["function"], each["change"].strip()): each["reason"] for each in listed}


def unexplained(results: Sequence[Result]) -> list[tuple[str, str]]:
    """Return the survivors that have no reason."""
    known = reasons()
    return [each for result in results for each in result.survivors if each not in known]


def survivors(results: Sequence[Result]) -> str:
    """Return the survivors as entries of the file of reasons."""
    known = reasons()
    return "\n".join(
        f"\n[[survivor]]  # {result.area}\nfunction = \"{function}\"\nchange = '''\n{change}'''\n"
        f'reason = "{known.get((function, change), "")}"'
        for result in results
        for function, change in result.survivors
    )


def table(results: Sequence[Result]) -> str:
    """Return one line for each area, in Markdown."""
    return "\n".join([_TABLE_HEAD, *map(_line, results)])


def write(results: Sequence[Result]) -> None:
    """Write the page. Areas that were not run keep the line and the section that the page had."""
    known = _written(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    known |= {result.area: (_line(result), _section(result)) for result in results}
    lines, sections = zip(*(known[name] for name in AREAS if name in known), strict=True)
    left_out = [name for name in AREAS if name not in known]
    note = [f"Never run: {', '.join(left_out)}."] if left_out else []
    parts = [_HEAD, "\n".join([_TABLE_HEAD, *lines]), *note, *sections]
    PAGE.write_text("\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8")


def _line(result: Result) -> str:
    """Return the area's line of the table."""
    known = reasons()
    survived = len(result.survivors)
    explained = sum(each in known for each in result.survivors)
    killed = result.mutants - survived
    return (
        f"| {result.area} | {result.mutants} | {killed} | {survived} | {explained} | {result.percent:.1f} |"
    )


def _section(result: Result) -> str:
    """Return the area's part of the page: each survivor with its reason."""
    known = reasons()
    parts = [f"## {result.area}"]
    for function, change in result.survivors:
        parts.append(f"`{function}`: {known.get((function, change), 'no reason yet')}")
        parts.append(f"```diff\n{change}\n```")
    return "\n\n".join(parts if result.survivors else [*parts, "None survived."])


def _written(page: str) -> dict[str, tuple[str, str]]:
    """Return what a page holds: by area, its line of the table and its section."""
    head, *sections = re.split(r"^(?=## )", page, flags=re.MULTILINE)
    by_area = {section.splitlines()[0][3:].strip(): section for section in sections}
    lines = {line.split("|")[1].strip(): line for line in head.splitlines() if line.startswith("| ")}
    return {name: (lines[name], section) for name, section in by_area.items() if name in lines}
