"""What an address asks a summary to hold: as it was typed, as it was understood, and what there is to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import Agency, User
from recommendations.models import Assignment, Cycle, Item
from recommendations.states import Pillar, Status, item_key
from reports.errors import BadSelection
from reports.permissions import sees_files
from reports.states import Depth, Language
from reports.summary.selection import KINDS, NAMES, Selection, asked_of, read_selection, usual_day
from reports.summary.statement import guarantee
from ui.query_state import QueryState

Options = list[tuple[str, str]]

#: What each depth holds, in one line.
TELLS: dict[Depth, str | Promise] = {
    Depth.GLANCE: gettext_lazy("The state of every item on a single page"),
    Depth.LINES: gettext_lazy("Each item with its lead agency, state and percentage"),
    Depth.FULL: gettext_lazy("A page for each item: agencies, what was accepted, evidence by number"),
    Depth.EVIDENCE: gettext_lazy("The documents that accepted updates cite, by number"),
}
#: The filters: what narrows a summary, and the day after which something was accepted.
FILTERS = NAMES[5:]
#: So much of an item's text tells it from the others in a list of choices.
_TEXT_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for.

    `shown` is what the form shows: what was typed, and where nothing was the usual. `selection` is None where it
    cannot be meant; a class above the reader's own is a problem too, and lowered to theirs in `selection`.
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


def read_asked(query: Mapping[str, str], *, cycle: Cycle, today: date, user: User) -> Asked:
    """Read a selection from an address, whatever it holds. Takes up to six queries."""
    selection: Selection | None
    problems: Mapping[str, str] = {}
    try:
        selection = read_selection(query, cycle=cycle, today=today, user=user)
    except BadSelection as refusal:
        problems = refusal.problems
        selection = _lowered(query, problems, cycle=cycle, today=today, user=user)
    usual = {
        "cycle": str(cycle.year),
        "day": usual_day(cycle, today=today).isoformat(),
        "language": (Language.ENGLISH if get_language() == "en" else Language.MALAY).value,
        "ceiling": str(user.clearance),
        "depth": Depth.LINES.value,
    }
    typed = asked_of(query) | {"cycle": str(cycle.year)}
    shown = {name: typed[name] or usual.get(name, "") for name in NAMES}
    if "ceiling" in problems:
        shown["ceiling"] = usual["ceiling"]
    return Asked(shown, selection, problems)


def _lowered(
    query: Mapping[str, str], problems: Mapping[str, str], *, cycle: Cycle, today: date, user: User
) -> Selection | None:
    """The selection up to the reader's own class, where the class alone is what is wrong."""
    if set(problems) != {"ceiling"}:
        return None
    return read_selection({**asked_of(query), "ceiling": ""}, cycle=cycle, today=today, user=user)


class Depths(NamedTuple):
    """One depth to choose: value, name, and what it holds."""

    value: str
    label: str
    tells: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from."""

    ceilings: Options
    agencies: Options
    items: Options
    sees_files: bool

    @property
    def languages(self) -> Options:
        return _options(Language)

    @property
    def depths(self) -> list[Depths]:
        """A list of files is no choice for who sees none."""
        offered = [depth for depth in Depth if self.sees_files or depth != Depth.EVIDENCE]
        return [Depths(depth.value, str(depth.label), self._tells(depth)) for depth in offered]

    def _tells(self, depth: Depth) -> str:
        if depth == Depth.FULL and not self.sees_files:
            return _("A page for each item: agencies, and what was accepted")
        return str(TELLS[depth])

    @property
    def kinds(self) -> Options:
        return [(kind.value, str(kind.label)) for kind in KINDS]

    @property
    def pillars(self) -> Options:
        return _options(Pillar)

    @property
    def statuses(self) -> Options:
        return _options(Status)

    @classmethod
    def of(cls, cycle: Cycle, *, user: User) -> Choices:
        """Two queries: the agencies that answer or answered for an item of the cycle, and its items."""
        answering = Assignment.objects.filter(item__cycle=cycle, agency=OuterRef("pk")).exclude(
            confirmed_at=None
        )
        agencies = Agency.objects.filter(Exists(answering)).order_by("code")
        items = Item.objects.actionable().filter(cycle=cycle).in_order()
        return cls(
            [(str(value), str(label)) for value, label in Clearance.choices if value <= user.clearance],
            [(agency.code, f"{agency.code} · {agency.name}") for agency in agencies],
            [(item_key(item.kind, item.number), f"{item}: {_short(item.text)}") for item in items],
            sees_files=sees_files(user),
        )


def _options(choices: type[Language] | type[Pillar] | type[Status]) -> Options:
    return [(str(value), str(label)) for value, label in choices.choices]


def _short(text: str) -> str:
    return text if len(text) <= _TEXT_LENGTH else f"{text[:_TEXT_LENGTH].rsplit(' ', 1)[0]}…"


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A day that is often meant."""

    label: str
    day: date
    url: str
    is_current: bool


def shortcuts(asked: Asked, *, cycle: Cycle, today: date) -> list[Shortcut]:
    """Today, yesterday, the end of last month, and the days of the cycle, as far as they can be chosen."""
    days = [
        (_("Today"), today),
        (_("Yesterday"), today - timedelta(days=1)),
        (_("End of last month"), today.replace(day=1) - timedelta(days=1)),
        (_("Interim date"), cycle.interim_on),
        (_("End of the window"), cycle.window_end),
    ]
    last = usual_day(cycle, today=today)
    place = QueryState({name: value for name, value in asked.shown.items() if value})
    found: dict[date, Shortcut] = {}
    for label, day in days:
        if cycle.window_start <= day <= last:
            is_current = asked.shown["day"] == day.isoformat()
            # Where two are one day, it keeps the name that was thought of first.
            found.setdefault(day, Shortcut(label, day, place.url(day=day.isoformat()), is_current))
    return list(found.values())


def day_words(selection: Selection, *, today: date) -> str:
    """What may be expected of the day that is chosen."""
    if selection.day < today:
        return guarantee(is_closed=True)
    return _("Today still moves: what is recorded later today changes the summary.")


def is_begun(cycle: Cycle, *, today: date) -> bool:
    """Whether there is any day that could be chosen."""
    return cycle.window_start <= usual_day(cycle, today=today)
