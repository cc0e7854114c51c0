"""Writes what a run found into docs/security.md."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from attacks.attack import Outcome

PAGE = Path(__file__).resolve().parent.parent / "docs" / "security.md"
BEGIN, END = "<!-- attacks: written by make attack -->", "<!-- attacks: end -->"


def summed(outcomes: list[Outcome]) -> str:
    """Return how many attacks there were, and how they ended, in a sentence."""
    repelled = sum(each.repelled for each in outcomes)
    succeeded, broken = sum(each.succeeded for each in outcomes), sum(each.broke_off for each in outcomes)
    return f"{len(outcomes)} attacks: {repelled} repelled, {succeeded} succeeded, {broken} broken off."


def table(outcomes: list[Outcome]) -> str:
    """Return the outcomes as a table of Markdown for each group."""
    lines = [summed(outcomes)]
    for group, of_group in groupby(outcomes, key=lambda outcome: outcome.attack.group):
        lines += [
            "",
            f"### {group.capitalize()}",
            "",
            "| Attack | Outcome | What was seen |",
            "|---|---|---|",
        ]
        lines += [
            f"| {each.attack.title} | {each.verdict if each.repelled else f'**{each.verdict.lower()}**'} | {_cell(each.seen)} |"
            for each in of_group
        ]
    return "\n".join(lines)


def write(outcomes: list[Outcome], page: Path = PAGE) -> None:
    """Put the table between its two marks, which are added at the end of a page that has none."""
    text = page.read_text(encoding="utf-8")
    if BEGIN not in text:
        text = f"{text.rstrip()}\n\n## What was attacked\n\n{BEGIN}\n{END}\n"
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{table(outcomes)}\n{END}{after}", encoding="utf-8")


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split())
