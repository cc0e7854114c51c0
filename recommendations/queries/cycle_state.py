"""Where every item of a cycle stands, now or as at a past instant, by one and the same path.

Facts are those of the instant: they are read from the versions that the database keeps. Rights are those of now:
claims, waiting, lateness and dates are shown to MAPO and to the own agency, suggestions to MAPO alone
(docs/rules.md, Who sees what).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from audit.clock import local_date
from recommendations.deadlines import is_overdue, is_stale
from recommendations.models import Cycle, ItemVersion
from recommendations.models.cycle import Titled, in_reading_language
from recommendations.queries import state_sql
from recommendations.queries.state_sql import AssignmentFacts, CycleDatesRow, ItemFacts
from recommendations.rollup import ItemState, Override, Verdict, roll_up_all
from recommendations.states import AssignmentRole, ItemKind, Pillar, ShowsStatus, Stage, Status, item_label

#: Before any verdict.
_NOTHING_YET = Status.NONE.value


class AgencyState(NamedTuple):
    """The state of one agency's part in one item. `percent` is 0 to 100; before any verdict: no action, 0.

    From `claim` on, a field is empty where the reader may not know it: what the agency claimed, since when an update
    waits or is returned, requests, dates, and the day from which staleness counts.
    """

    assignment_id: int
    agency_id: int
    code: str
    name_ms: str
    name_en: str
    role: str
    stage: str
    status: str
    percent: int
    decided_at: datetime | None
    claim: tuple[str, int] | None = None
    waiting_since: datetime | None = None
    waiting_update_id: int | None = None
    returned_since: datetime | None = None
    owes_update: bool = False
    has_request: bool = False
    due_on: date | None = None
    next_due_on: date | None = None
    silent_since: date | None = None

    @property
    def name(self) -> str:
        return in_reading_language(self, "name")

    @property
    def is_lead(self) -> bool:
        return self.role == AssignmentRole.LEAD

    @property
    def is_awaiting(self) -> bool:
        """An update that the reader may know of waits for MAPO."""
        return self.waiting_since is not None

    @property
    def is_confirmed(self) -> bool:
        return self.stage == Stage.CONFIRMED

    @property
    def is_suggested(self) -> bool:
        return self.stage == Stage.SUGGESTED

    @property
    def is_returned(self) -> bool:
        """MAPO sent an update back, and the agency has not sent it again."""
        return self.returned_since is not None

    @property
    def claim_differs(self) -> bool:
        """MAPO's verdict is another than what the agency claimed."""
        return self.claim is not None and self.claim != (self.status, self.percent)

    def is_stale(self, today: date, *, after_days: int) -> bool:
        """Nothing was accepted for more than so many days, and it is not completed."""
        is_silent = is_stale(
            self.silent_since, today=today, after_days=after_days, is_awaiting=not self.owes_update
        )
        return is_silent and self.is_confirmed and self.status != Status.DONE

    def is_overdue(self, today: date) -> bool:
        """Owed an update before `today`, with nothing waiting at MAPO (docs/rules.md, Cadence)."""
        is_late = is_overdue(self.next_due_on, today=today, is_awaiting=not self.owes_update)
        return is_late and self.is_confirmed


@dataclass(frozen=True, slots=True)
class OfficialItem(Titled):
    """An item as the report has it, with MAPO's short titles."""

    item_id: int
    kind: str
    number: int
    text_ms: str
    text_en: str
    title_ms: str
    title_en: str
    pillar: str

    @property
    def label(self) -> str:
        return item_label(self.kind, self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedItem(OfficialItem, ShowsStatus):
    """An item with its rolled-up state and its agencies: the lead first, then by code. Achievements have neither."""

    answer_ids: tuple[int, ...] = ()
    state: ItemState | None = None
    agencies: tuple[AgencyState, ...] = ()

    @property
    def pillar_label(self) -> str:
        return str(Pillar(self.pillar).label) if self.pillar else ""

    @property
    def status(self) -> str:
        return self.state.status if self.state else ""

    @property
    def lead(self) -> AgencyState | None:
        return next((agency for agency in self.agencies if agency.is_lead and agency.is_confirmed), None)

    def is_of_agency(self, agency_id: int) -> bool:
        """Whether the agency answers for the item, as lead or in support."""
        return any(agency.is_confirmed and agency.agency_id == agency_id for agency in self.agencies)

    @property
    def supports(self) -> list[AgencyState]:
        return [agency for agency in self.agencies if not agency.is_lead and agency.is_confirmed]

    @property
    def suggested(self) -> list[AgencyState]:
        return [agency for agency in self.agencies if agency.is_suggested]

    @property
    def state_note(self) -> str:
        """MAPO's reason for setting the state, or what holds it back; empty without either."""
        if self.state is None:
            return ""
        if self.state.override:
            return self.state.override.reason
        if not self.state.lead:
            return _("No lead agency is confirmed yet.")
        if self.state.held_by:
            return _("Waits for %(agencies)s") % {"agencies": ", ".join(self.state.held_by)}
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow(ListedItem):
    """An item that carries a state.

    `divergence_*` is MAPO's note on where the Malay text says less than the English, or something else; mostly empty.
    """

    state: ItemState
    divergence_ms: str = ""
    divergence_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement(ListedItem):
    """An achievement with MAPO's note on its two texts."""

    divergence_ms: str = ""
    divergence_en: str = ""


@dataclass(frozen=True, slots=True)
class CycleState:
    """A cycle's actionable items in order, with the dates of the cycle that held at the instant."""

    dates: CycleDatesRow | None
    items: tuple[ItemRow, ...] = ()

    def of_kind(self, kind: str) -> list[ItemRow]:
        return [row for row in self.items if row.kind == kind]

    def count_states(self, kind: str) -> Counter[str]:
        """Items of a kind by status."""
        return Counter(row.state.status for row in self.items if row.kind == kind)

    def pairs(self) -> Iterable[tuple[ItemRow, AgencyState]]:
        """Every item with each of its agencies."""
        return ((row, agency) for row in self.items for agency in row.agencies)


def state_of_cycle(cycle: Cycle, *, user: User, before: datetime | None = None) -> CycleState:
    """Return the state of every actionable item as recorded `before` an instant (exclusive), or as it is now.

    As at a day that is over, pass `clock.end_of_day(day)`: the answer never changes again. Takes two queries,
    whatever the number of updates.
    """
    dates, items = state_sql.items(cycle.pk, before=before)
    if dates is None:
        return CycleState(dates=None)
    agencies: dict[int, list[AgencyState]] = defaultdict(list)
    reader = _Reader(user.clearance, user.agency_id if user.is_agency_actor else None, user.is_mapo)
    for facts in state_sql.assignments(cycle.pk, before=before, with_suggested=user.is_mapo):
        agencies[facts.item_id].append(_agency_state(facts, reader))
    return CycleState(dates, tuple(_item_row(each, agencies[each.item_id], reader) for each in items))


def achievements_of(cycle: Cycle, *, before: datetime | None = None) -> list[Achievement]:
    """Return the cycle's achievements with the texts that held at the instant, or hold now. One query."""
    rows = ItemVersion.objects.filter(item__cycle=cycle, item__kind=ItemKind.ACHIEVEMENT)
    held = rows.current() if before is None else rows.as_at(before)
    columns = ("item_id", "text_ms", "text_en", "title_ms", "title_en", "pillar")
    notes = ("divergence_ms", "divergence_en")
    facts = held.order_by("item__number").values(*columns, *notes, number=F("item__number"))
    return [Achievement(kind=ItemKind.ACHIEVEMENT, **each) for each in facts]


class _Reader(NamedTuple):
    """What a reader may know: everything (MAPO), or what concerns one agency; up to a clearance."""

    clearance: int
    agency_id: int | None
    is_mapo: bool


def _agency_state(facts: AssignmentFacts, reader: _Reader) -> AgencyState:
    """Return the state of one agency's part, with as much as the reader may know."""
    public = AgencyState(
        assignment_id=facts.assignment_id,
        agency_id=facts.agency_id,
        code=facts.code,
        name_ms=facts.name_ms,
        name_en=facts.name_en,
        role=facts.role,
        stage=facts.stage,
        status=facts.status or _NOTHING_YET,
        percent=facts.percent or 0,
        decided_at=facts.decided_at,
    )
    if not (reader.is_mapo or reader.agency_id == facts.agency_id):
        return public
    heard_at = facts.decided_at or facts.confirmed_at
    return public._replace(
        claim=_claim(facts, clearance=reader.clearance),
        owes_update=facts.submitted_at is None,
        has_request=facts.has_request,
        due_on=facts.due_on,
        next_due_on=facts.next_due_on,
        silent_since=local_date(heard_at) if heard_at else None,
        **_open_update(facts, clearance=reader.clearance),
    )


def _open_update(facts: AssignmentFacts, *, clearance: int) -> dict[str, Any]:
    """Return the fields about the update that waits or is returned; none of them above the clearance."""
    if facts.classification is not None and facts.classification > clearance:
        return {}
    return {
        "waiting_since": facts.submitted_at,
        "waiting_update_id": facts.update_id if facts.submitted_at else None,
        "returned_since": facts.returned_at,
    }


def _claim(facts: AssignmentFacts, *, clearance: int) -> tuple[str, int] | None:
    """Return status and percentage that the agency claimed; None where there is none within the clearance."""
    if facts.claim_status is None or facts.claim_percent is None or (facts.claim_class or 0) > clearance:
        return None
    return facts.claim_status, facts.claim_percent


def _item_row(facts: ItemFacts, agencies: list[AgencyState], reader: _Reader) -> ItemRow:
    return ItemRow(
        item_id=facts.item_id,
        kind=facts.kind,
        number=facts.number,
        text_ms=facts.text_ms,
        text_en=facts.text_en,
        title_ms=facts.title_ms,
        title_en=facts.title_en,
        pillar=facts.pillar,
        answer_ids=tuple(facts.answer_ids),
        state=_rolled_up(agencies, override=_override(facts, reader)),
        agencies=tuple(sorted(agencies, key=lambda each: (not each.is_lead, each.code))),
        divergence_ms=facts.divergence_ms,
        divergence_en=facts.divergence_en,
    )


def _override(facts: ItemFacts, reader: _Reader) -> Override | None:
    """Return the override; who set it is told to MAPO alone (ADR 6)."""
    if facts.override_status is None or facts.override_percent is None or facts.override_set_at is None:
        return None
    set_by = facts.override_set_by if reader.is_mapo else None
    return Override(
        facts.override_status,
        facts.override_percent,
        facts.override_reason or "",
        facts.override_set_at,
        set_by or "",
    )


def _rolled_up(agencies: Iterable[AgencyState], *, override: Override | None) -> ItemState:
    confirmed = (each for each in agencies if each.is_confirmed)
    return roll_up_all(
        ((each.is_lead, Verdict(each.code, each.status, each.percent)) for each in confirmed),
        override=override,
    )
