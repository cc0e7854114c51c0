"""The survivors with their reasons, as text and as docs/mutants.md."""

from __future__ import annotations

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
from `tests/mutants/reasons.toml`.

mutmut changes neither what stands outside of functions (tables such as `MOVES`, statements in SQL) nor functions with
decorators; tests of their own hold these.
"""


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
    known = reasons()
    lines = ["| Area | Mutants | Killed | Survived | With a reason | % |", "|---|---|---|---|---|---|"]
    for result in results:
        survived = len(result.survivors)
        explained = sum(each in known for each in result.survivors)
        killed = result.mutants - survived
        lines.append(
            f"| {result.area} | {result.mutants} | {killed} | {survived} | {explained} | {result.percent:.1f} |"
        )
    return "\n".join(lines)


def write(results: Sequence[Result]) -> None:
    """Write the page."""
    known = reasons()
    parts = [_HEAD, table(results)]
    left_out = sorted(set(AREAS) - {result.area for result in results})
    if left_out:
        parts.append(f"\nNot run for this page: {', '.join(left_out)}.")
    for result in results:
        parts.append(f"\n## {result.area}\n")
        for function, change in result.survivors:
            parts.append(f"`{function}`: {known.get((function, change), 'no reason yet')}\n")
            parts.append(f"```diff\n{change}\n```\n")
        if not result.survivors:
            parts.append("None survived.\n")
    PAGE.write_text("\n".join(parts).rstrip() + "\n", encoding="utf-8")
