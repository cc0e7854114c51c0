"""Writes what a run found into docs/security.md."""

from __future__ import annotations

import shutil
import subprocess
from itertools import groupby
from pathlib import Path

from attacks.attack import ATTACKS, AttackResult
from attacks.proofs import NOT_PROVABLE

PAGE = Path(__file__).resolve().parent.parent / "docs" / "security.md"
BEGIN, END = "<!-- attacks: written by make attack -->", "<!-- attacks: end -->"
PROOF_BEGIN = "<!-- proof: written by make attack ARGS='--prove --write' -->"
PROOF_END = "<!-- proof: end -->"


def summed(outcomes: list[AttackResult]) -> str:
    """Return how many attacks there were, and how they ended, in a sentence."""
    repelled = sum(each.repelled for each in outcomes)
    succeeded, broken = sum(each.succeeded for each in outcomes), sum(each.broke_off for each in outcomes)
    return f"{len(outcomes)} attacks: {repelled} repelled, {succeeded} succeeded, {broken} broken off."


def table(outcomes: list[AttackResult]) -> str:
    """Return the outcomes as a table of Markdown for each group."""
    lines = [f"{summed(outcomes)}{_of_commit()}"]
    for group, of_group in groupby(outcomes, key=lambda outcome: outcome.attack.group):
        lines += [
            "",
            f"### {group.capitalize()}",
            "",
            "| Attack | AttackResult | What was seen |",
            "|---|---|---|",
        ]
        lines += [
            f"| {each.attack.title} | {each.verdict if each.repelled else f'**{each.verdict.lower()}**'} | {_cell(each.seen)} |"
            for each in of_group
        ]
    return "\n".join(lines)


def _of_commit() -> str:
    """Return on which commit of the code the attacks were run; "" for a copy without a history."""
    if shutil.which("git") is None:
        return ""
    told = subprocess.run(
        ["git", "log", "-1", "--format=%h of %cs"],
        cwd=PAGE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return f" Commit {told.stdout.strip()}." if told.returncode == 0 else ""


def proof(outcomes: list[AttackResult]) -> str:
    """Return which attacks succeed where the one defence that repels them is off, and why the others are not tried so."""
    done = sum(each.succeeded for each in outcomes)
    said = [
        f"Of {len(ATTACKS)} attacks {len(outcomes)} were run where the one defence that repels them is off: {done} succeed there.{_of_commit()}"
    ]
    said += ["", "| Attack | Without | AttackResult | What it got |", "|---|---|---|---|"]
    for each in outcomes:
        verdict = "succeeds" if each.succeeded else f"**{each.verdict.lower()}**"
        said.append(
            f"| {each.attack.title} | {each.attack.proved_without} | {verdict} | {_cell(each.seen[:160])} |"
        )
    said += ["", "These are not, for the reason beside them:", ""]
    others = [each for each in ATTACKS if not each.proved_without]
    return "\n".join([*said, *(f"- {each.title}: {NOT_PROVABLE[each.run.__name__]}." for each in others)])


def write(outcomes: list[AttackResult], page: Path = PAGE) -> None:
    """Put the table between its two marks, which are added at the end of a page that has none."""
    _put(table(outcomes), (BEGIN, END), page)


def write_proof(outcomes: list[AttackResult], page: Path = PAGE) -> None:
    """Put what an undefended instance showed between its own marks, as `write` does."""
    _put(proof(outcomes), (PROOF_BEGIN, PROOF_END), page)


def _put(said: str, marks: tuple[str, str], page: Path) -> None:
    text, (begin, end) = page.read_text(encoding="utf-8"), marks
    if begin not in text:
        heading = "What was attacked" if begin == BEGIN else "Whether the attacks can succeed"
        text = f"{text.rstrip()}\n\n## {heading}\n\n{begin}\n{end}\n"
    before, _begin, rest = text.partition(begin)
    _old, _end, after = rest.partition(end)
    page.write_text(f"{before}{begin}\n{said}\n{end}{after}", encoding="utf-8")


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split())
