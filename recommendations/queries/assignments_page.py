"""Who answers for what, as MAPO steers it: suggestions, assignments in force, requests, agencies without officers.

The filters of the page live in its address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, TextChoices, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency, User
from privacy.filters import shown_contains
from recommendations.deadlines import is_overdue
from recommendations.models import (
    Assignment,
    AssignmentRequest,
    AssignmentVersion,
    Cycle,
    Item,
    Update,
)
from recommendations.models.assignment import AssignmentQuerySet
from recommendations.queries.sql import RowCount
from recommendations.states import AssignmentRole, ItemKind, Pillar, Stage, Status
from submissions.states import SubmissionState
from ui.numbers import whole_number
from ui.query_state import read_text


class AssignmentSort(TextChoices):
    """How the assignments in force are sorted; without one, by item in the order of the report."""

    AGENCY = "agency", gettext_lazy("Agency")
    DUE = "due", gettext_lazy("Next update due")
    LATE = "late", gettext_lazy("Late for longest")
    STATUS = "status", gettext_lazy("Status")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentFilters:
    """What the address asks for, with the order, which leaves nothing out.

    `unknown` says in a sentence what names nothing; that filter is then left out.
    """

    agency: str = ""
    item_id: int | None = None
    pillar: str = ""
    text: str = ""
    is_late: bool = False
    sort: str = field(default="", compare=False)
    unknown: tuple[str, ...] = field(default=(), compare=False)

    @property
    def are_set(self) -> bool:
        return self != AssignmentFilters()

    def sorted_column(self, *, by_agency: bool) -> tuple[str, str]:
        """Return the column that sorts a table, and how, as `aria-sort` says it; tables of one agency are sorted inside it."""
        columns = {
            AssignmentSort.AGENCY.value: ("item" if by_agency else "agency", "ascending"),
            AssignmentSort.DUE.value: ("next_due", "ascending"),
            # What is late stands first, then the rest, each by its date.
            AssignmentSort.LATE.value: ("next_due", "other"),
            AssignmentSort.STATUS.value: ("verdict", "ascending"),
        }
        return columns.get(self.sort, ("item", "ascending"))

    def narrow(self, rows: AssignmentQuerySet, *, today: date | None = None) -> AssignmentQuerySet:
        """Those that fit; lateness only where the day is given."""
        if self.agency:
            rows = rows.filter(agency__code=self.agency)
        if self.item_id:
            rows = rows.filter(item=self.item_id)
        if self.pillar:
            rows = rows.filter(item__pillar=self.pillar)
        if self.text:
            columns = ("text_ms", "text_en", "title_ms", "title_en")
            found = (shown_contains(f"item__{column}", self.text) for column in columns)
            rows = rows.filter(Q(*found, agency__code__iexact=self.text, _connector=Q.OR))
        return rows.overdue(today) if self.is_late and today else rows


@dataclass(frozen=True, slots=True)
class AssignmentFilterChoices:
    """What the filters of one tab offer: pairs of value and label."""

    agencies: list[tuple[str, str]]
    items: list[tuple[int, str]]

    @property
    def pillars(self) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Pillar.choices]

    @property
    def lateness(self) -> list[tuple[str, str]]:
        return [("1", _("Late"))]

    @property
    def sorts(self) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in AssignmentSort.choices]

    @classmethod
    def of(cls, cycle: Cycle, stage: Stage) -> AssignmentFilterChoices:
        """Agencies and items that have an assignment in this stage. Two queries."""
        rows = Assignment.objects.filter(item__cycle=cycle, stage=stage)
        agencies = Agency.objects.filter(Exists(rows.filter(agency=OuterRef("pk")))).order_by("code")
        items = Item.objects.in_order().filter(Exists(rows.filter(item=OuterRef("pk"))))
        return cls(
            [(agency.code, agency.label) for agency in agencies],
            [(item.pk, str(item)) for item in items],
        )


def parse_assignment_filters(query: Mapping[str, str], choices: AssignmentFilterChoices) -> AssignmentFilters:
    """Read `agency`, `item`, `pillar`, `text`, `late` and `sort` from an address."""
    unknown: list[str] = []
    agency = read_text(query, "agency")
    if agency and agency not in dict(choices.agencies):
        unknown.append(_("There is no agency “%(asked)s” here.") % {"asked": agency[:40]})
        agency = ""
    item = query.get("item", "")
    item_id = whole_number(item)
    if item and item_id not in dict(choices.items):
        unknown.append(_("The requested item has no assignment here."))
        item_id = None
    pillar = query.get("pillar", "")
    if pillar and pillar not in Pillar.values:
        unknown.append(_("There is no pillar with this name."))
        pillar = ""
    sort = query.get("sort", "")
    if sort and sort not in AssignmentSort.values:
        unknown.append(_("There is no order with this name."))
        sort = ""
    return AssignmentFilters(
        sort=sort,
        agency=agency,
        item_id=item_id,
        pillar=pillar,
        text=read_text(query, "text"),
        is_late=query.get("late") == "1",
        unknown=tuple(unknown),
    )


@dataclass(frozen=True, slots=True)
class SuggestedItem:
    """An item with at least one suggested agency, and the agencies that it has already."""

    item: Item
    leads: list[Any]
    supports: list[Any]
    due_on: date | None
    deserted: list[str]


@dataclass(frozen=True, slots=True)
class ConfirmedRow:
    """One assignment in force."""

    assignment: Any
    is_overdue: bool
    officers: list[str]

    @property
    def is_settled(self) -> bool:
        """Whether no regular update is due because it is completed."""
        return self.assignment.next_due_on is None and self.assignment.outcome.is_completed

    @property
    def is_deserted(self) -> bool:
        """Nobody of the agency can act."""
        return not self.assignment.has_actor


@dataclass(frozen=True, slots=True)
class AgencyRows:
    """The assignments of one agency, in the order of the page, folded unless `is_open`."""

    agency: Agency
    rows: list[ConfirmedRow]
    is_open: bool

    @property
    def late_count(self) -> int:
        return sum(row.is_overdue for row in self.rows)

    @property
    def waiting_count(self) -> int:
        return sum(row.assignment.is_seen_waiting for row in self.rows)

    def first_due_on(self, *, is_late: bool = False) -> date:
        """Return when the first update is due, or the first that is late; the last of all days where none is."""
        due = (row.assignment.next_due_on or date.max for row in self.rows if row.is_overdue or not is_late)
        return min(due, default=date.max)


def counts_of(cycle: Cycle) -> dict[str, int]:
    """Return the numbers on all tabs by their names (one query)."""
    assignments = Assignment.objects.filter(item__cycle=OuterRef("pk"))
    suggested = assignments.filter(stage=Stage.SUGGESTED)
    unanswered = AssignmentRequest.objects.unanswered().filter(assignment__item__cycle=OuterRef("pk"))
    counts: Any = Cycle.objects.filter(pk=cycle.pk).values(
        suggested=RowCount(suggested.order_by().values("item").distinct()),
        confirmed=RowCount(assignments.in_force().values("pk")),
        requests=RowCount(unanswered.values("pk")),
        agencies=RowCount(Agency.objects.active().order_by().values("pk")),
    )
    found: dict[str, int] = counts.get()
    return found


def in_item_order(rows: AssignmentQuerySet) -> AssignmentQuerySet:
    """Return the rows by item in the order of the report, the lead agency first, then by agency."""
    return rows.order_by(*_item_order())


def _item_order() -> list[Any]:
    kinds = Case(*(When(item__kind=kind, then=Value(rank)) for rank, kind in enumerate(ItemKind.values)))
    lead_first = Case(When(role=AssignmentRole.LEAD, then=Value(0)), default=Value(1))
    return [kinds, "item__number", lead_first, "agency__code", "pk"]


def _in_order(rows: AssignmentQuerySet, sort: str, *, by_agency: bool, today: date) -> AssignmentQuerySet:
    """Return rows with a verdict in the order asked for, then in that of the report; of each agency, if they are folded."""
    due = F("next_due_on").asc(nulls_last=True)
    is_late = Q(outcome__waiting=None, next_due_on__lt=today)
    rank = Case(
        When(outcome__status=Status.DONE, then=2), When(outcome__status=Status.PROGRESS, then=1), default=0
    )
    orders: dict[str, list[Any]] = {
        "": [],
        AssignmentSort.AGENCY: ["agency__code"],
        AssignmentSort.DUE: [due],
        AssignmentSort.LATE: [Case(When(is_late, then=0), default=1), due],
        AssignmentSort.STATUS: [rank, "outcome__percent"],
    }
    return rows.order_by(*(["agency__code"] if by_agency else []), *orders[sort], *_item_order())


def with_actor(rows: AssignmentQuerySet) -> AssignmentQuerySet:
    """Annotate `has_actor`: somebody of the agency can act."""
    return rows.annotate(has_actor=User.objects.can_act_for("agency"))


def suggested_items(cycle: Cycle, filters: AssignmentFilters) -> list[SuggestedItem]:
    """Return the items with suggestions that the filters leave, in order, with all their agencies. One query."""
    suggestions = filters.narrow(Assignment.objects.filter(item=OuterRef("item"), stage=Stage.SUGGESTED))
    rows = Assignment.objects.filter(Exists(suggestions), item__cycle=cycle).exclude(stage=Stage.ENDED)
    by_item: dict[int, list[Any]] = {}
    for row in in_item_order(with_actor(rows)).select_related("item__cycle", "agency"):
        by_item.setdefault(row.item_id, []).append(row)
    return [_suggested_item(on_item) for on_item in by_item.values()]


def _suggested_item(rows: list[Any]) -> SuggestedItem:
    suggested = [row for row in rows if row.stage == Stage.SUGGESTED]
    item: Item = rows[0].item
    return SuggestedItem(
        item=item,
        leads=[row for row in rows if row.is_lead],
        supports=[row for row in rows if not row.is_lead],
        due_on=next((row.due_on for row in suggested if row.due_on), item.cycle.window_end),
        deserted=[row.agency.code for row in suggested if not row.has_actor],
    )


def suggested_agencies(cycle: Cycle) -> list[Any]:
    """Return the agencies that are suggested on any item, those without anybody to act first. One query."""
    suggestions = Assignment.objects.filter(agency=OuterRef("pk"), item__cycle=cycle, stage=Stage.SUGGESTED)
    agencies: list[Any] = list(Agency.objects.with_people_counts().filter(Exists(suggestions)))
    return sorted(agencies, key=lambda agency: (agency.has_actor, agency.code))


def confirmed_rows(
    cycle: Cycle, *, user: User, filters: AssignmentFilters, today: date, by_agency: bool
) -> AssignmentQuerySet:
    """Assignments in force that fit, in the order asked for; those of one agency together if they are folded `by_agency`.

    Whether an update waits is a fact by which nobody is late; `is_seen_waiting` is what this reader may know of it.
    """
    rows = filters.narrow(Assignment.objects.in_force().filter(item__cycle=cycle), today=today)
    named = User.objects.active().filter(assignments=OuterRef("pk")).order_by("name", "pk").values("name")
    seen = Update.objects.waiting().visible_to(user).filter(assignment=OuterRef("pk"))
    told: AssignmentQuerySet = with_actor(rows).annotate(
        named=ArraySubquery(named), is_seen_waiting=Exists(seen)
    )
    sorted_rows = _in_order(told, filters.sort, by_agency=by_agency, today=today)
    return sorted_rows.select_related("item", "agency", "outcome")


def folded_by_agency(
    rows: Iterable[ConfirmedRow], *, sort: str, is_open: Callable[[str, list[ConfirmedRow]], bool]
) -> list[AgencyRows]:
    """Return rows that stand together by agency as one group each: by code, or by the first date if dates sort them."""
    groups = [
        AgencyRows(of_agency[0].assignment.agency, of_agency, is_open(code, of_agency))
        for code, of_agency in (
            (code, list(found)) for code, found in groupby(rows, key=lambda row: row.assignment.agency.code)
        )
    ]
    if sort in (AssignmentSort.DUE, AssignmentSort.LATE):
        groups.sort(key=lambda group: group.first_due_on(is_late=sort == AssignmentSort.LATE))
    return groups


def as_confirmed(rows: Iterable[Any], *, today: date) -> list[ConfirmedRow]:
    """What the table shows of each."""
    return [
        ConfirmedRow(
            row, is_overdue(row.next_due_on, today=today, is_awaiting=row.outcome.is_waiting), list(row.named)
        )
        for row in rows
    ]


def items_without_lead(cycle: Cycle) -> list[Item]:
    """Return the items that have no lead agency, neither confirmed nor suggested."""
    leads = Assignment.objects.filter(item=OuterRef("pk"), role=AssignmentRole.LEAD).exclude(
        stage=Stage.ENDED
    )
    return list(Item.objects.actionable().in_order().filter(~Exists(leads), cycle=cycle))


def deserted_agencies(cycle: Cycle) -> QuerySet[Agency]:
    """Return the agencies that answer for an item and have nobody who can act, by code."""
    in_force = Assignment.objects.in_force().filter(agency=OuterRef("pk"), item__cycle=cycle)
    return Agency.objects.filter(Exists(in_force), ~User.objects.can_act_for("pk")).order_by("code")


def open_requests(cycle: Cycle) -> list[AssignmentRequest]:
    """Return the requests that wait for MAPO's answer, oldest first."""
    return list(_requests(cycle).unanswered().order_by("asked_at", "pk"))


def answered_requests(cycle: Cycle, *, limit: int = 10) -> list[AssignmentRequest]:
    """Return the newest answered requests."""
    return list(_requests(cycle).exclude(answer="").order_by("-answered_at", "-pk")[:limit])


def _requests(cycle: Cycle) -> Any:
    rows = AssignmentRequest.objects.filter(assignment__item__cycle=cycle)
    return rows.select_related("assignment__item", "assignment__agency", "asked_by", "answered_by")


def suggestion_ids(cycle: Cycle, items: Iterable[int], filters: AssignmentFilters) -> list[int]:
    """Return the ids of the suggestions on these items that the filters leave."""
    rows = Assignment.objects.filter(item__cycle=cycle, item__in=list(items), stage=Stage.SUGGESTED)
    return list(filters.narrow(rows).order_by("pk").values_list("pk", flat=True))


def as_one(assignment: Any, *, today: date) -> ConfirmedRow:
    """An assignment with its outcome as its own page shows it."""
    is_late = is_overdue(assignment.next_due_on, today=today, is_awaiting=assignment.outcome.is_waiting)
    return ConfirmedRow(assignment, assignment.is_confirmed and is_late, [])


def waiting_update(assignment: Assignment, *, user: User) -> Update | None:
    """The update on it that waits for a decision, if the person may see it."""
    waiting = Update.objects.waiting().visible_to(user).filter(assignment=assignment)
    return waiting.order_by("pk").first()


def draft_since(assignment: Assignment, *, user: User) -> datetime | None:
    """Return when the agency began the draft that it has; None without one, or above the person's clearance.

    MAPO may know that a draft exists, and nothing of what it says (docs/rules.md, Who sees what).
    """
    drafts = Update.objects.filter(assignment=assignment, state=SubmissionState.DRAFT).within_clearance(user)
    return drafts.values_list("created_at", flat=True).first()


def history_of(assignment: Assignment, *, limit: int = 20) -> list[AssignmentVersion]:
    """Return the newest states of the assignment, as the database kept them."""
    versions = AssignmentVersion.objects.filter(assignment=assignment).order_by("-began_at", "-pk")
    return list(versions[:limit])
