"""The page of one cycle, which everybody signed in reads: tiers, dates, facts and links; to MAPO also the acts on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from audit.models import Event
from cycles.cycle_list import CycleLine, cycle_lines, setting_label, shown_setting
from cycles.services import CycleSettings
from recommendations.models import Cycle, CycleFact, CycleFactItem, CycleVersion
from recommendations.queries.neighbours import Neighbour, items_of, links_of
from recommendations.queries.numbers import Numbers, by_kind
from recommendations.states import FactKind, ItemKind
from recommendations.windows import window_label

#: The most acts on the page of a cycle.
ACTS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A fact with the items that it concerns, and where its day lies against the window."""

    fact: CycleFact
    items: list[Numbers]
    window: str


@dataclass(frozen=True, slots=True)
class FactGroup:
    """The facts of one kind."""

    kind: str
    facts: list[ShownFact]

    @property
    def label(self) -> str:
        """The heading over so many facts of the kind."""
        return {
            FactKind.ANNOUNCEMENT: _("The announcement"),
            FactKind.PROGRAMME: _("Programmes"),
            FactKind.PARTNER: _("Partner organisations"),
        }[FactKind(self.kind)]

    @property
    def is_of_partners(self) -> bool:
        return self.kind == FactKind.PARTNER


@dataclass(frozen=True, slots=True)
class LinkedItem:
    """A weakness with what answers it, or an achievement with the weaknesses that it answers."""

    item: Neighbour
    counterparts: list[Numbers]


@dataclass(frozen=True, kw_only=True)
class CyclePage:
    """The page of one cycle. `past` and `tier_past` say when settings changed and how, the newest first.

    `acts` are MAPO's alone, newest first.
    """

    line: CycleLine
    settings: list[tuple[str, str, str]]
    past: list[tuple[datetime, list[str]]]
    tier_past: list[tuple[datetime, list[str]]]
    fact_groups: list[FactGroup]
    weaknesses: list[LinkedItem]
    achievements: list[LinkedItem]
    acts: list[Event]

    @property
    def cycle(self) -> Any:
        return self.line.cycle


def read_cycle_page(year: int, *, user: User, today: date) -> CyclePage | None:
    """Return what a person reads of a cycle (seven queries at most); None if there is none of that year, or none that they may see."""
    line = next((line for line in cycle_lines(user=user, today=today) if line.cycle.year == year), None)
    if line is None:
        return None
    cycle = line.cycle
    past = list(_past(CycleVersion.objects.filter(cycle=cycle).order_by("began_at", "pk")))
    items = {each.item_id: each for each in items_of(cycle)}
    acts = Event.objects.about(Cycle._meta.label, cycle.pk).newest_first()[:ACTS_SHOWN]
    return CyclePage(
        line=line,
        settings=[
            (setting_label(name), shown_setting(value), _note_on(cycle, name))
            for name, value in CycleSettings.of(cycle).values.items()
            if not isinstance(value, str)
        ],
        past=_worded(past, is_of_tier=False),
        tier_past=_worded(past, is_of_tier=True),
        fact_groups=_fact_groups(cycle, items),
        **_linked(cycle, items),
        acts=list(acts) if user.is_mapo else [],
    )


def _note_on(cycle: Cycle, name: str) -> str:
    """Return where a setting comes from, as far as the cycle says so."""
    if name == "submission_on" and cycle.submission_source:
        return _("Source: %(source)s") % {"source": cycle.submission_source}
    return ""


#: A setting that changed, with its values before and after.
_Change = tuple[str, Any, Any]


def _past(versions: Iterable[CycleVersion]) -> Iterator[tuple[datetime, list[_Change]]]:
    """Yield when settings changed, and how; closings and reopenings are among the acts."""
    for earlier, later in pairwise(versions):
        each = ((name, getattr(earlier, name), getattr(later, name)) for name in CycleSettings.names())
        if changes := [change for change in each if change[1] != change[2]]:
            yield later.began_at, changes


def _worded(
    past: Iterable[tuple[datetime, list[_Change]]], *, is_of_tier: bool
) -> list[tuple[datetime, list[str]]]:
    """Return the changes of tiers, or those of all other settings, in words, the newest first."""
    found = []
    for at, changes in past:
        words = [
            _("%(what)s: %(after)s, before %(before)s")
            % {
                "what": setting_label(name),
                "after": shown_setting(after),
                "before": shown_setting(before),
            }
            for name, before, after in changes
            if name.startswith("tier_") == is_of_tier
        ]
        if words:
            found.append((at, words))
    return found[::-1]


def _fact_groups(cycle: Cycle, items: Mapping[int, Neighbour]) -> list[FactGroup]:
    """Return the facts that stand on the page, by kind (two queries)."""
    concerned: dict[int, set[int]] = defaultdict(set)
    links = CycleFactItem.objects.filter(fact__cycle=cycle)
    for fact_id, item_id in links.values_list("fact_id", "item_id"):
        concerned[fact_id].add(item_id)
    groups: dict[str, list[ShownFact]] = {}
    for fact in CycleFact.objects.filter(cycle=cycle).shown().in_order():
        its = by_kind(item for pk, item in items.items() if pk in concerned[fact.pk])
        place = window_label(fact.happened_on, None, cycle)
        groups.setdefault(fact.kind, []).append(ShownFact(fact, its, place))
    return [FactGroup(kind, facts) for kind, facts in groups.items()]


def _linked(cycle: Cycle, items: Mapping[int, Neighbour]) -> dict[str, list[LinkedItem]]:
    """Return weaknesses with their answers, and achievements with what they answer (one query)."""
    linked: dict[int, set[int]] = defaultdict(set)
    for weakness, answer in links_of(cycle):
        linked[weakness].add(answer)
        linked[answer].add(weakness)

    def of_kind(kind: str) -> list[LinkedItem]:
        return [
            LinkedItem(item, by_kind(other for key, other in items.items() if key in linked[pk]))
            for pk, item in items.items()
            if item.kind == kind
        ]

    return {"weaknesses": of_kind(ItemKind.WEAKNESS), "achievements": of_kind(ItemKind.ACHIEVEMENT)}
