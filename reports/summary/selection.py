"""The selection: one cycle, as at one day, in one language, up to one class, with filters and a depth.

It lives in the address of a page. Reading it from an address names each value that cannot be meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import AgencyVersion, User
from audit.clock import end_of_day, local_date
from indicators.models import PublishedTable
from recommendations.models import Cycle, Item
from recommendations.states import STATUS_KINDS, ItemKind, Pillar, Status, item_key
from reports.errors import BadSelection
from reports.languages import item_words
from reports.states import ALL_TABLES, FORMATS, Depth, ExportFormat, SummaryLanguage
from ui import dates
from ui.query_state import read_text
from ui.typed_days import UnreadableDay, day_or_none, read_day

if TYPE_CHECKING:
    from reports.models.report import Report

#: The names of a selection's values in an address, in the order in which they are written.
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
#: How many days of decisions the papers of a meeting hold, where nobody said when the last meeting was.
MEETING_DAYS = 30
#: The filters, and the day after which something was accepted: what narrows a summary.
FILTERS = NAMES[5:]


@dataclass(frozen=True, slots=True)
class AgendaOrigin:
    """The agenda, as it was laid before the council, from which a paper is made: its SHA-256, and what it is called.

    Only the SHA-256 is part of the selection.
    """

    sha256: str
    meeting: str = field(default="", compare=False)
    version: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a summary holds. An empty text filters nothing.

    `agenda` is set for the papers of a meeting alone, and by no address. `item` is kind and number ("recommendation-4"). `agency` is a code: the items that it answers for, and of those its
    own updates and documents. `since` leaves out what was accepted on or before that day. `table` is the letter of a published
    table, or `ALL_TABLES`, for the formats of those alone.
    """

    year: int
    day: date
    language: SummaryLanguage = SummaryLanguage.MALAY
    ceiling: Clearance = Clearance.RESTRICTED
    depth: Depth = Depth.LINES
    kind: str = ""
    pillar: str = ""
    agency: str = ""
    status: str = ""
    item: str = ""
    since: date | None = None
    agenda: AgendaOrigin | None = None
    table: str = ""

    @property
    def before(self) -> datetime:
        """The first instant that no longer counts: the end of the day in Kuala Lumpur."""
        return end_of_day(self.day)

    @property
    def after(self) -> datetime | None:
        """The instant from which what was accepted counts; None: from the beginning."""
        return end_of_day(self.since) if self.since else None

    @property
    def decisions_since(self) -> date:
        """The day after which the papers of a meeting tell what was decided: that of the last meeting."""
        return self.since or self.day - timedelta(days=MEETING_DAYS)

    def as_query(self) -> dict[str, str]:
        """Return name and value of everything that is set, as an address holds it."""
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
            "agenda": self.agenda.sha256 if self.agenda else "",
            "table": self.table,
        }
        return {name: value for name, value in values.items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.as_query())

    @property
    def single_table(self) -> str:
        """The letter of the only published table; empty where it is of all of them, or of none."""
        return "" if self.table == ALL_TABLES else self.table

    def chosen_filters(self) -> dict[str, tuple[str, str]]:
        """Return label and value of each filter that is set, by name, in the active language."""
        values = {
            "kind": (_("Kind"), self.kind and str(ItemKind(self.kind).label)),
            "item": (_("Item"), self.item and item_words(self.item)),
            "pillar": (_("Pillar"), self.pillar and str(Pillar(self.pillar).label)),
            "agency": (_("Agency"), self.agency),
            "status": (_("Status"), self.status and str(Status(self.status).label)),
            "table": (pgettext("published", "Table"), self.single_table),
        }
        return {name: (label, value) for name, (label, value) in values.items() if value}

    def filter_words(self) -> dict[str, str]:
        """Return the same in words, "Pillar: Protection"; a kind and an item say by themselves what they are."""
        return {
            name: value if name in ("kind", "item") else f"{label}: {value}"
            for name, (label, value) in self.chosen_filters().items()
        }

    def as_deep_as(self, export_format: ExportFormat) -> Selection:
        """Return the same selection, with the format's usual depth where it has not this one.

        Formats of published tables hold them whole, so filters of items are left out; all others have no table.
        """
        spec = FORMATS[export_format]
        fitting = replace(self, table="")
        if spec.holds_tables:
            whole = replace(self, kind="", pillar="", agency="", status="", item="", since=None)
            fitting = replace(whole, table=self.table or ALL_TABLES)
        return fitting if fitting.depth in spec.depths else replace(fitting, depth=spec.depths[0])

    def lowered_to(self, ceiling: int) -> Selection:
        """Return the same selection, no higher than a class."""
        return replace(self, ceiling=Clearance(min(int(self.ceiling), ceiling)))


def read_selection(query: Mapping[str, str], *, cycle: Cycle, today: date, user: User) -> Selection:
    """Return the selection that an address asks for, for a reader; what is missing takes its default.

    Defaults: today (of a closed cycle the day on which it was closed), the active language, the reader's clearance,
    one line per item. Raises `BadSelection` with a sentence for each value that cannot be meant: a day in the future,
    before the window or after the cycle was closed, an unknown language or class, a class above the reader's
    clearance, a filter that names nothing. Takes up to three queries.
    """
    problems: dict[str, str] = {}
    asked = asked_of(query) | {"table": read_text(query, "table", longest=100)}

    def known(name: str, values: Iterable[str]) -> str:
        """Return what was asked for; empty, with a problem, where it is none of the values, which are then read."""
        text = asked[name]
        if not text or text in values:
            return text
        problems[name] = _("“%(text)s” is not one of the choices.") % {"text": text}
        return ""

    day = _day(asked["day"], "day", problems) or default_day(cycle, today=today)
    since = _day(asked["since"], "since", problems)
    problems |= _day_problems(day, since, cycle=cycle, today=today, knows="day" not in problems)
    values: dict[str, Any] = {
        "language": SummaryLanguage(known("language", SummaryLanguage.values) or default_language()),
        "depth": Depth(known("depth", Depth.values) or Depth.LINES),
        "ceiling": _ceiling(known("ceiling", map(str, Clearance.values)), user, problems),
        "kind": known("kind", STATUS_KINDS),
        "pillar": known("pillar", Pillar.values),
        "status": known("status", Status.values),
        "agency": known(
            "agency", AgencyVersion.objects.filter(code=asked["agency"]).values_list("code", flat=True)
        ),
        "item": known("item", _item_keys(cycle)),
        "table": known("table", chain([ALL_TABLES], _table_keys(cycle))),
    }
    known("cycle", [str(cycle.year)])
    if problems:
        raise BadSelection(problems)
    return Selection(year=cycle.year, day=day, since=since, **values)


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
    """Read a selection from an address, whatever it holds; it names no published table. Takes up to six queries."""
    typed = asked_of(query)
    selection: Selection | None = None
    problems: Mapping[str, str] = {}
    try:
        selection = read_selection(typed, cycle=cycle, today=today, user=user)
    except BadSelection as refusal:
        problems = refusal.problems
        if set(problems) == {"ceiling"}:
            lowered = {**typed, "ceiling": ""}
            selection = read_selection(lowered, cycle=cycle, today=today, user=user)
    defaults = {
        "cycle": str(cycle.year),
        "day": default_day(cycle, today=today).isoformat(),
        "language": default_language().value,
        "ceiling": str(user.clearance),
        "depth": Depth.LINES.value,
    }
    typed |= {"cycle": str(cycle.year)}
    shown = {name: typed[name] or defaults.get(name, "") for name in NAMES}
    if "ceiling" in problems:
        shown["ceiling"] = defaults["ceiling"]
    return AskedSelection(shown, selection, problems)


def asked_of(query: Mapping[str, str]) -> dict[str, str]:
    """Return what an address says for each name of a selection, at most 100 characters of it; days in ISO 8601."""
    asked = {name: read_text(query, name, longest=100) for name in NAMES}
    days = {name: day.isoformat() for name in ("day", "since") if (day := day_or_none(asked[name]))}
    return asked | days


def default_day(cycle: Cycle, *, today: date) -> date:
    """Return the day that is meant where none is given: today, or the day on which the cycle was closed."""
    return min(today, local_date(cycle.closed_at)) if cycle.closed_at else today


def default_language() -> SummaryLanguage:
    """Return the active language, as one of a summary."""
    return SummaryLanguage.ENGLISH if get_language() == "en" else SummaryLanguage.MALAY


def agencies_called(code: str, *, before: datetime) -> frozenset[int]:
    """Return the ids of the agencies that had a code before an instant; if none had, of the one that had it first.

    A later change of code changes nothing about a day that is over.
    """
    versions = AgencyVersion.objects.filter(code=code)
    then = frozenset(versions.as_at(before).values_list("agency_id", flat=True))
    first = versions.order_by("began_at", "pk").values_list("agency_id", flat=True)[:1]
    return then or frozenset(first)


def _day(text: str, name: str, problems: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        return read_day(text)
    except UnreadableDay as problem:
        problems[name] = str(problem)
        return None


def _day_problems(day: date, since: date | None, *, cycle: Cycle, today: date, knows: bool) -> dict[str, str]:
    """Return what is wrong with the two days; `knows`: the first one was understood."""
    problems = {"day": problem} if knows and (problem := _day_problem(day, cycle=cycle, today=today)) else {}
    if since and since >= day and not problems:
        problems["since"] = _("Choose a day before %(day)s.") % {"day": dates.day(day)}
    return problems


def _day_problem(day: date, *, cycle: Cycle, today: date) -> str:
    """Return why a day cannot be chosen in a cycle; empty where it can."""
    words = {"day": dates.day(day), "start": dates.day(cycle.window_start)}
    if day > today:
        return _("%(day)s is in the future. Choose today or an earlier day.") % words
    if day < cycle.window_start:
        return _("%(day)s is before the window, which starts on %(start)s. Choose a later day.") % words
    if cycle.closed_at and day > local_date(cycle.closed_at):
        closed = dates.day(local_date(cycle.closed_at))
        return _("The cycle was closed on %(closed)s. Choose that day or a day before it.") % {
            "closed": closed
        }
    return ""


def _ceiling(text: str, user: User, problems: dict[str, str]) -> Clearance:
    """Return the class that was asked for, by default the reader's own; a higher one is a problem."""
    own = Clearance(user.clearance)
    asked = Clearance(int(text)) if text else own
    if asked > own:
        problems["ceiling"] = _(
            "Your clearance is up to %(class)s. Choose that or a lower classification."
        ) % {"class": own.label}
    return asked


def _item_keys(cycle: Cycle) -> Iterator[str]:
    """Yield the key of each item of a cycle (one query, when the first is asked for)."""
    for kind, number in Item.objects.actionable().filter(cycle=cycle).values_list("kind", "number"):
        yield item_key(kind, number)


def _table_keys(cycle: Cycle) -> Iterator[str]:
    """Yield the letter of each published table of a cycle (one query, when the first is asked for)."""
    yield from PublishedTable.objects.filter(source__cycle=cycle).values_list("key", flat=True)


def stored_selection(query: str) -> Selection:
    """Return the selection of a query string that Jejak has stored: it was checked once, and is not checked again."""
    asked = dict(parse_qsl(query))
    since = asked.get("since", "")
    return Selection(
        year=int(asked["cycle"]),
        day=date.fromisoformat(asked["day"]),
        language=SummaryLanguage(asked["language"]),
        ceiling=Clearance(int(asked["ceiling"])),
        depth=Depth(asked["depth"]),
        since=date.fromisoformat(since) if since else None,
        agenda=AgendaOrigin(asked["agenda"]) if "agenda" in asked else None,
        **{name: asked.get(name, "") for name in ("kind", "pillar", "agency", "status", "item", "table")},
    )


def selection_of(report: Report) -> Selection:
    """Return the selection of a report, with the name of the agenda that it was made from."""
    selection, laid = stored_selection(report.query), report.laid_agenda
    if laid is None or selection.agenda is None:
        return selection
    origin = AgendaOrigin(selection.agenda.sha256, report.meeting_number, laid.number)
    return replace(selection, agenda=origin)
