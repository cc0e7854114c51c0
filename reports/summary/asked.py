"""A selection as an address asks for it: what was typed stays on the screen, also where it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from recommendations.models import Cycle
from reports.errors import BadSelection
from reports.states import Depth
from reports.summary.selection import (
    FILTERS,
    NAMES,
    Selection,
    asked_of,
    default_day,
    default_language,
    read_selection,
)


@dataclass(frozen=True, slots=True)
class AskedSelection:
    """What the form shows and what it means.

    `shown` is what was typed, with the default where nothing was. `selection` is None where it cannot be meant, and
    `problems` say why, by name. A class above the reader's own is a problem, but `selection` is lowered to theirs.
    """

    shown: Mapping[str, str]
    selection: Selection | None
    problems: Mapping[str, str]

    @property
    def filters_count(self) -> int:
        return sum(bool(self.shown[name]) for name in FILTERS)

    @property
    def cleared_query(self) -> Mapping[str, str]:
        """The same without any filter."""
        return {name: value for name, value in self.shown.items() if value and name not in FILTERS}


def read_asked(query: Mapping[str, str], *, cycle: Cycle, today: date, user: User) -> AskedSelection:
    """Read a selection from an address, whatever it holds. Takes up to six queries."""
    selection: Selection | None = None
    problems: Mapping[str, str] = {}
    try:
        selection = read_selection(query, cycle=cycle, today=today, user=user)
    except BadSelection as refusal:
        problems = refusal.problems
        if set(problems) == {"ceiling"}:
            lowered = {**asked_of(query), "ceiling": ""}
            selection = read_selection(lowered, cycle=cycle, today=today, user=user)
    defaults = {
        "cycle": str(cycle.year),
        "day": default_day(cycle, today=today).isoformat(),
        "language": default_language().value,
        "ceiling": str(user.clearance),
        "depth": Depth.LINES.value,
    }
    typed = asked_of(query) | {"cycle": str(cycle.year)}
    shown = {name: typed[name] or defaults.get(name, "") for name in NAMES}
    if "ceiling" in problems:
        shown["ceiling"] = defaults["ceiling"]
    return AskedSelection(shown, selection, problems)
