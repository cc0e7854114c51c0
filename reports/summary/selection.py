"""The selection: one cycle, as at one day, in one language, up to one class, narrowed and as deep as asked.

It lives in the address of a page. Reading one from an address refuses what cannot be meant, each thing by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import AgencyVersion, User
from audit.clock import end_of_day, local_date
from recommendations.models import Cycle, Item
from recommendations.states import ItemKind, Pillar, Status, item_label
from reports.errors import BadSelection
from reports.states import Depth, Language
from ui import dates

#: The names of a selection in an address, in the order in which they are written.
NAMES = (
    "cycle",
    "day",
    "language",
    "ceiling",
    "depth",
    "kind",
    "pillar",
    "agency",
    "status",
    "item",
    "since",
)
#: How far back a meeting sheet tells what was decided where nobody said when the last meeting was, in days.
MEETING_DAYS = 30
#: The kinds that carry a state.
KINDS = (ItemKind.RECOMMENDATION, ItemKind.WEAKNESS)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a summary holds. Empty texts narrow nothing.

    `item` is kind and number ("recommendation-4"); `agency` is a code: items that it answers for, and of those its
    own updates and documents; `since` leaves out what was accepted on or before that day.
    """

    year: int
    day: date
    language: Language = Language.MALAY
    ceiling: Clearance = Clearance.RESTRICTED
    depth: Depth = Depth.LINES
    kind: str = ""
    pillar: str = ""
    agency: str = ""
    status: str = ""
    item: str = ""
    since: date | None = None

    @property
    def before(self) -> datetime:
        """The first instant that no longer counts: the end of the day in Kuala Lumpur."""
        return end_of_day(self.day)

    @property
    def after(self) -> datetime | None:
        """The first instant from which what was accepted counts; None: from the beginning."""
        return end_of_day(self.since) if self.since else None

    def as_query(self) -> dict[str, str]:
        """Name and value of everything that is set, as an address says it."""
        values = {
            "cycle": str(self.year),
            "day": self.day.isoformat(),
            "language": self.language.value,
            "ceiling": str(int(self.ceiling)),
            "depth": self.depth.value,
            "kind": self.kind,
            "pillar": self.pillar,
            "agency": self.agency,
            "status": self.status,
            "item": self.item,
            "since": self.since.isoformat() if self.since else "",
        }
        return {name: value for name, value in values.items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.as_query())

    def narrows(self) -> dict[str, str]:
        """The filters that are set, by name: what a summary says that it leaves out."""
        return {name: value for name, value in self.as_query().items() if name in NAMES[5:]}

    def lowered_to(self, ceiling: int) -> Selection:
        """The same, no higher than a class."""
        return replace(self, ceiling=Clearance(min(int(self.ceiling), ceiling)))


def read_selection(query: Mapping[str, str], *, cycle: Cycle, today: date, user: User) -> Selection:
    """The selection that an address asks for, for a reader; what is not said takes its usual value.

    Usual are: today (of a closed cycle the day of its closing), the language in force, the reader's clearance, one
    line per item. Raises `BadSelection` with a sentence for each name that cannot be meant: a day that has not come,
    lies before the window or after the cycle was closed, an unknown language or class, a filter that names nothing.
    A class above the reader's clearance is refused too. Takes up to three queries.
    """
    problems: dict[str, str] = {}
    asked = asked_of(query)
    day = _day(asked["day"], "day", problems) or usual_day(cycle, today=today)
    since = _day(asked["since"], "since", problems)
    problems |= _day_problems(day, since, cycle=cycle, today=today, knows="day" not in problems)
    reading = Language.ENGLISH if get_language() == "en" else Language.MALAY
    words: dict[str, Any] = {
        "language": _one_of(Language, asked["language"], reading, "language", problems),
        "depth": _one_of(Depth, asked["depth"], Depth.LINES, "depth", problems),
        "ceiling": _ceiling(asked["ceiling"], user, problems),
        "kind": _known(asked["kind"], [kind.value for kind in KINDS], "kind", problems),
        "pillar": _known(asked["pillar"], Pillar.values, "pillar", problems),
        "status": _known(asked["status"], Status.values, "status", problems),
        "agency": _known_agency(asked["agency"], problems),
        "item": _known_item(asked["item"], cycle, problems),
    }
    _known(asked["cycle"], [str(cycle.year)], "cycle", problems)
    if problems:
        raise BadSelection(problems)
    return Selection(year=cycle.year, day=day, since=since, **words)


def asked_of(query: Mapping[str, str]) -> dict[str, str]:
    """What an address says of each name of a selection, as far as it is read at all."""
    return {name: query.get(name, "").replace("\0", "").strip()[:100] for name in NAMES}


def usual_day(cycle: Cycle, *, today: date) -> date:
    """The day that is meant where none is said: today, or the day on which the cycle was closed."""
    return min(today, local_date(cycle.closed_at)) if cycle.closed_at else today


def agencies_called(code: str, *, before: datetime) -> frozenset[int]:
    """The agencies that a code meant at the end of a day; where none had it then, the one that had it first.

    What an agency is called later changes nothing about a day that is over.
    """
    versions = AgencyVersion.objects.filter(code=code)
    then = frozenset(versions.as_at(before).values_list("agency_id", flat=True))
    first = versions.order_by("began_at", "pk").values_list("agency_id", flat=True)[:1]
    return then or frozenset(first)


def item_words(key: str) -> str:
    """How the item that a selection names is called in the reader's language."""
    kind, _dash, number = key.partition("-")
    return item_label(kind, int(number))


def _day(text: str, name: str, problems: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems[name] = _("“%(text)s” is not a day. Write it as 2023-08-31.") % {"text": text}
        return None


def _day_problems(day: date, since: date | None, *, cycle: Cycle, today: date, knows: bool) -> dict[str, str]:
    problems = {}
    words = {"day": dates.day(day), "start": dates.day(cycle.window_start)}
    if knows and day > today:
        problems["day"] = _("%(day)s has not come yet. Choose today or a day before it.") % words
    elif knows and day < cycle.window_start:
        problems["day"] = (
            _("%(day)s lies before the window, which starts on %(start)s. Choose a later day.") % words
        )
    elif knows and cycle.closed_at and day > local_date(cycle.closed_at):
        closed = dates.day(local_date(cycle.closed_at))
        problems["day"] = _("The cycle was closed on %(closed)s. Choose that day or a day before it.") % {
            "closed": closed
        }
    if since and since >= day and "day" not in problems:
        problems["since"] = _("Choose a day before %(day)s, so that something lies between the two.") % words
    return problems


def _one_of(choices: Any, text: str, usual: Any, name: str, problems: dict[str, str]) -> Any:
    if not text:
        return usual
    if text not in choices.values:
        problems[name] = _unknown(text)
        return usual
    return choices(text)


def _known(text: str, values: list[str], name: str, problems: dict[str, str]) -> str:
    if text and text not in values:
        problems[name] = _unknown(text)
    return text


def _unknown(text: str) -> str:
    return _("“%(text)s” is not one of the choices.") % {"text": text}


def _ceiling(text: str, user: User, problems: dict[str, str]) -> Clearance:
    own = Clearance(user.clearance)
    if not text:
        return own
    if text not in {str(value) for value in Clearance.values}:
        problems["ceiling"] = _unknown(text)
        return own
    asked = Clearance(int(text))
    if asked > own:
        problems["ceiling"] = _("You are cleared up to %(class)s. Choose that or a lower class.") % {
            "class": own.label
        }
    return asked


def _known_agency(code: str, problems: dict[str, str]) -> str:
    if code and not AgencyVersion.objects.filter(code=code).exists():
        problems["agency"] = _unknown(code)
    return code


def _known_item(key: str, cycle: Cycle, problems: dict[str, str]) -> str:
    if not key:
        return ""
    kind, _dash, number = key.partition("-")
    is_number = number.isascii() and number.isdecimal() and len(number) < 5 and not number.startswith("0")
    if not (
        is_number and Item.objects.actionable().filter(cycle=cycle, kind=kind, number=int(number)).exists()
    ):
        problems["item"] = _unknown(key)
    return key


def saved_selection(query: str) -> Selection:
    """The selection of a query string that Jejak itself has kept: it was understood once, and is not judged again."""
    asked = dict(parse_qsl(query))
    since = asked.get("since", "")
    return Selection(
        year=int(asked["cycle"]),
        day=date.fromisoformat(asked["day"]),
        language=Language(asked["language"]),
        ceiling=Clearance(int(asked["ceiling"])),
        depth=Depth(asked["depth"]),
        since=date.fromisoformat(since) if since else None,
        **{name: asked.get(name, "") for name in ("kind", "pillar", "agency", "status", "item")},
    )
