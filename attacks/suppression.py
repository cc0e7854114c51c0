"""Attacks on small numbers of victims: computed from what is shown, by who knows the method and what nobody reported."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice, product
from typing import Any

from attacks.attack import Ground, Succeeded, attack
from attacks.browser import Browser
from attacks.exports import is_file, made
from indicators.known_sums import MOST_SMALL, RecordedNumber
from indicators.suppression import Hiding, hidden_numbers

GROUP = "suppression"
#: So many tables are tried for one table at most.
_MOST_CANDIDATES = 50_000
#: Days on which the demonstration's history had other numbers.
_DAYS = ("2023-05-31", "2023-06-30", "2023-07-31", "2023-08-31", "2023-09-13")


@dataclass(frozen=True)
class Table:
    """One indicator in one period and one way of breaking it down, as a reader sees it: rows of a summary's JSON, the whole first."""

    whole: dict[str, Any]
    parts: Sequence[dict[str, Any]]

    @property
    def title(self) -> str:
        """Which it is."""
        return f"{self.whole['indicator']} {self.whole['period_kind']['code']} {self.whole['begins_on']}"

    @property
    def hidden(self) -> list[dict[str, Any]]:
        """What the reader is not shown."""
        return [each for each in (self.whole, *self.parts) if each["hiding"]]

    @property
    def remainder(self) -> int:
        """How many victims nobody reported in any part, where that is a small number and all else is shown; 0 else."""
        if self.hidden:
            return 0
        left: int = self.whole["value"] - sum(each["value"] for each in self.parts)
        return left if 0 < left <= MOST_SMALL else 0

    def candidates(self) -> Iterator[dict[int, int]]:
        """Yield, by figure, all numbers that its hidden cells may have, what nobody reported being nothing.

        None where the whole is hidden: then there are too many.
        """
        unknown = [each for each in self.parts if each["hiding"]]
        if self.whole["hiding"] or not unknown:
            return
        left = self.whole["value"] - sum(each["value"] for each in self.parts if not each["hiding"])
        ranges = [
            range(1, min(MOST_SMALL, left) + 1 if _is_small(each) else left + 1) for each in unknown[:-1]
        ]
        for tried, numbers in enumerate(product(*ranges)):
            last = left - sum(numbers)
            if tried > _MOST_CANDIDATES:
                return
            if last >= 1 and (last <= MOST_SMALL or not _is_small(unknown[-1])):
                yield {each["figure"]: number for each, number in zip(unknown, (*numbers, last), strict=True)}

    def as_recorded(self, candidate: Mapping[int, int]) -> list[RecordedNumber]:
        """Return the table as it would have been recorded with these numbers."""
        rows = (self.whole, *self.parts)
        return [_recorded(row, candidate.get(row["figure"], row["value"])) for row in rows]


def _is_small(row: dict[str, Any]) -> bool:
    return bool(row["hiding"]) and row["hiding"]["code"] == Hiding.SMALL.value


def _recorded(row: dict[str, Any], number: int) -> RecordedNumber:
    """Return a row of a summary as the method takes it."""
    begins, ends = (date.fromisoformat(row[name]) if row[name] else None for name in ("begins_on", "ends_on"))
    values = frozenset(tuple(pair.split("=", 1)) for pair in row["series"].split(",") if pair)
    return RecordedNumber(
        row["figure"], values, row["period_kind"]["code"], begins, ends, number, datetime.fromisoformat(row["recorded_at"]),  # type: ignore[arg-type]
    )  # fmt: skip


def _figures(browser: Browser, **chosen: str) -> list[dict[str, Any]]:
    """Return the numbers of victims in a summary as JSON. Raises RuntimeError where none comes."""
    path, answer = made(browser, paper="json", depth="full", **chosen)
    file = browser.get(f"{path}file/") if path else answer
    if not is_file(file):
        raise RuntimeError(f"no summary came: {file.status}")
    told = json.loads(file.body)
    of_victims = {each["indicator"] for each in told["indicators"] if each["counts_victims"]}
    rows: list[dict[str, Any]] = told["figures"]
    return [row for row in rows if not row["source"] and row["indicator"] in of_victims]


def _tables(rows: Sequence[dict[str, Any]]) -> list[Table]:
    """Return the tables of which somebody reported a whole and parts, by one dimension."""
    wholes: dict[tuple[str, ...], dict[str, Any]] = {}
    parts: defaultdict[tuple[str, ...], dict[str, list[dict[str, Any]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in rows:
        key = (row["indicator"], row["period_kind"]["code"], row["begins_on"], row["ends_on"])
        if not row["series"]:
            wholes[key] = row
        elif "," not in row["series"]:
            parts[key][row["series"].partition("=")[0]].append(row)
    return [Table(wholes[key], of) for key in wholes for of in parts[key].values()]


def narrowed(table: Table, candidates: Sequence[dict[int, int]], true: Mapping[int, int]) -> str:
    """Return which small number of a table is known, or nearly, from all the tables that are possible; "" for none.

    What leaves out the true number was no knowledge.
    """
    for row in table.hidden:
        possible = {candidate[row["figure"]] for candidate in candidates if row["figure"] in candidate}
        small = true[row["figure"]] <= MOST_SMALL and true[row["figure"]] in possible
        if small and not {1, MOST_SMALL} <= possible:
            return f"{table.title}, {row['series'] or 'the whole'} is {sorted(possible)}"
    return ""


def by_method(table: Table, candidates: Sequence[dict[int, int]]) -> list[dict[int, int]]:
    """Return those of the candidates that the method would have shown in the same way.

    All, where it would have shown none so: then the table is bound to others, of which the attacker does not know enough.
    """
    seen = {row["figure"]: row["hiding"]["code"] for row in table.hidden}
    alike = [
        candidate for candidate in candidates
        if {figure: how.value for figure, how in hidden_numbers(table.as_recorded(candidate), is_summed=False).items()} == seen
    ]  # fmt: skip
    return alike or list(candidates)


def _true(ground: Ground) -> dict[int, int]:
    """Return the numbers as MAPO sees them, by figure."""
    return {row["figure"]: row["value"] for row in _figures(ground.reviewer)}


def _readers(ground: Ground) -> dict[str, Browser]:
    return {"observer": ground.observer, "officer of another agency": ground.attacker}


def _hidden_tables(ground: Ground) -> Iterator[tuple[str, Table, list[dict[int, int]]]]:
    """Yield each table with a hidden cell, as each reader sees it, with what is possible. Raises RuntimeError without any."""
    seen = 0
    for who, browser in _readers(ground).items():
        for table in _tables(_figures(browser)):
            if found := table.remainder:
                raise Succeeded(
                    f"the {who} knows: {table.title} holds {found} more than its parts, which nobody reported"
                )
            if table.hidden and (candidates := list(table.candidates())):
                seen += 1
                yield who, table, candidates
    if not seen:
        raise RuntimeError("no table has a hidden number")


@attack(GROUP, "A small number is computed from the whole, its parts, and what nobody reported")
def arithmetic(ground: Ground) -> str:
    tables, true = list(_hidden_tables(ground)), _true(ground)
    for who, table, candidates in tables:
        if found := narrowed(table, candidates, true):
            raise Succeeded(f"the {who} knows: {found}")
    return f"{len(tables)} tables with hidden numbers: each may be 1 and may be {MOST_SMALL}"


@attack(GROUP, "A small number is computed by who knows how the hidden ones are chosen")
def method(ground: Ground) -> str:
    tried = 0
    tables, true = list(_hidden_tables(ground)), _true(ground)
    for who, table, candidates in tables:
        tried += len(candidates)
        if found := narrowed(table, by_method(table, candidates), true):
            raise Succeeded(f"the {who} knows by the choice: {found}")
    return (
        f"{len(tables)} tables, {tried} that would fit: those hidden alike leave 1 and {MOST_SMALL} possible"
    )


@attack(GROUP, "A small number is computed by who knows the method, in two hundred tables of few victims")
def method_on_many(ground: Ground) -> str:
    """The method is the product's own; the tables are the attacker's, for an installation has few at a time."""
    template = next(
        table
        for table in _tables(_figures(ground.reviewer))
        if len(table.parts) > 2 and table.whole["indicator"] == "IPO"
    )
    tried = 0
    for numbers in product((0, 1, 2, 4, 7), (1, 3, 6), (2, 5, 9), (0, 1, 8)):
        shown = _shown(template, numbers[: len(template.parts)])
        if not any(_is_small(row) for row in shown.hidden):
            continue
        tried += 1
        candidates = list(shown.candidates())
        true = {row["figure"]: number for row, number in zip(template.parts, numbers, strict=False)} | {
            shown.whole["figure"]: sum(numbers)
        }
        if candidates and (found := narrowed(shown, by_method(shown, candidates), true)):
            raise Succeeded(f"of the table {numbers}: {found}")
    return f"{tried} tables with small numbers: none tells one"


def _shown(template: Table, numbers: Sequence[int]) -> Table:
    """Return a table with these numbers as the method shows it to an outsider; 0 stands for what nobody reported."""
    parts = [
        {**row, "value": number, "hiding": None}
        for row, number in zip(template.parts, numbers, strict=False)
        if number
    ]
    table = Table({**template.whole, "value": sum(numbers), "hiding": None}, parts)
    hidden = hidden_numbers(table.as_recorded({}), is_summed=False)
    rows = [
        {**row, "hiding": {"code": hidden[row["figure"]].value} if row["figure"] in hidden else None}
        for row in (table.whole, *parts)
    ]
    return replace(table, whole=rows[0], parts=rows[1:])


def over_days(tables: Sequence[Table]) -> tuple[Table, list[dict[int, int]]]:
    """Return one table as it was at several days as one, with what is possible in all of them: a number that was not revised is the same."""
    joined: list[dict[int, int]] = [{}]
    for table in tables:
        if found := list(table.candidates()):
            joined = [
                before | candidate
                for before, candidate in islice(product(joined, found), _MOST_CANDIDATES)
                if all(before.get(figure, number) == number for figure, number in candidate.items())
            ]
    rows = {row["figure"]: row for table in tables for row in (table.whole, *table.parts)}
    return Table(tables[0].whole, [row for row in rows.values() if row is not tables[0].whole]), joined


@attack(
    GROUP,
    "A number that is hidden today was shown on another day, in another file, or is computed from a table before and after its revision",
)
def other_days_and_files(ground: Ground) -> str:
    asked, compared, true = 0, 0, _true_on_all_days(ground)
    own = {"observer": "", "officer of another agency": _ATTACKERS_AGENCY}
    for who, browser in _readers(ground).items():
        on_days = {day: _figures(browser, **({"as_at": day} if day else {})) for day in ("", *_DAYS)}
        hidden = {row["figure"] for row in on_days[""] if row["hiding"]}
        tables: defaultdict[tuple[str, str], list[Table]] = defaultdict(list)
        for day, rows in on_days.items():
            asked += len(rows)
            for row in rows:
                _demand_hidden(row, hidden, day, who, own[who])
            for table in _tables(rows):
                tables[table.title, table.parts[0]["series"].partition("=")[0]].append(table)
        for of_days in tables.values():
            table, candidates = over_days(of_days)
            compared += len(of_days) > 1
            if any(candidates) and (found := narrowed(table, candidates, true)):
                raise Succeeded(f"the {who} knows from {len(of_days)} days: {found}")
    return (
        f"{asked} numbers as at today and {len(_DAYS)} days for two readers: none that is hidden was shown; {compared} tables compared "
        f"with themselves on other days: each small number may be 1 and may be {MOST_SMALL}"
    )


#: The agency of who attacks, which reads its own small numbers.
_ATTACKERS_AGENCY = "JTK"


def _demand_hidden(row: dict[str, Any], hidden: Set[int], day: str, who: str, own: str) -> None:
    """Raise Succeeded where a number that is hidden on another day, or a small one, is shown."""
    is_shown = row["value"] is not None
    if row["figure"] in hidden and is_shown:
        raise Succeeded(
            f"{row['indicator']} {row['begins_on']} {row['series']} was shown to the {who} as at {day or 'today'}"
        )
    if is_shown and 1 <= row["value"] <= MOST_SMALL and row["agency"] != own:
        raise Succeeded(
            f"the {who} is shown {row['value']} of {row['indicator']} {row['begins_on']} as at {day or 'today'}"
        )
    if row["hiding"] and (row["given"] or is_shown):
        raise Succeeded(f"the file of {day} holds the hidden number of figure {row['figure']}")


def _true_on_all_days(ground: Ground) -> dict[int, int]:
    """Return the numbers as MAPO sees them, by figure, those that were revised since too."""
    days = ({}, *({"as_at": day} for day in _DAYS))
    return {row["figure"]: row["value"] for day in days for row in _figures(ground.reviewer, **day)}
