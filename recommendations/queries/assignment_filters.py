"""The filters of MAPO's page of assignments. They live in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import Agency
from recommendations.models import Assignment, Cycle, Item
from recommendations.models.assignment import AssignmentQuerySet
from recommendations.states import Pillar, Stage
from ui.numbers import whole_number

_LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentFilters:
    """What the address asks for. `unknown` says in a sentence what names nothing; that filter is then left out."""

    agency: str = ""
    item_id: int | None = None
    pillar: str = ""
    text: str = ""
    is_late: bool = False
    unknown: tuple[str, ...] = field(default=(), compare=False)

    @property
    def are_set(self) -> bool:
        return self != AssignmentFilters()

    def narrow(self, rows: AssignmentQuerySet, *, today: date | None = None) -> AssignmentQuerySet:
        """Those that fit; lateness only where the day is given."""
        if self.agency:
            rows = rows.filter(agency__code=self.agency)
        if self.item_id:
            rows = rows.filter(item=self.item_id)
        if self.pillar:
            rows = rows.filter(item__pillar=self.pillar)
        if self.text:
            found = Q(item__text_ms__icontains=self.text) | Q(item__text_en__icontains=self.text)
            rows = rows.filter(found | Q(agency__code__iexact=self.text))
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

    @classmethod
    def of(cls, cycle: Cycle, stage: Stage) -> AssignmentFilterChoices:
        """Agencies and items that have an assignment in this stage. Two queries."""
        rows = Assignment.objects.filter(item__cycle=cycle, stage=stage)
        agencies = Agency.objects.filter(Exists(rows.filter(agency=OuterRef("pk")))).order_by("code")
        items = Item.objects.in_order().filter(Exists(rows.filter(item=OuterRef("pk"))))
        return cls(
            [(agency.code, f"{agency.code} · {agency.name}") for agency in agencies],
            [(item.pk, str(item)) for item in items],
        )


def parse_assignment_filters(query: Mapping[str, str], choices: AssignmentFilterChoices) -> AssignmentFilters:
    """Read `agency`, `item`, `pillar`, `text` and `late` from an address."""
    unknown: list[str] = []
    agency = query.get("agency", "").replace("\0", "")
    if agency and agency not in dict(choices.agencies):
        unknown.append(_("No agency “%(asked)s” stands here.") % {"asked": agency[:40]})
        agency = ""
    item = query.get("item", "")
    item_id = whole_number(item)
    if item and item_id not in dict(choices.items):
        unknown.append(_("The item that was asked for has no assignment here."))
        item_id = None
    pillar = query.get("pillar", "")
    if pillar and pillar not in Pillar.values:
        unknown.append(_("There is no pillar of this name."))
        pillar = ""
    return AssignmentFilters(
        agency=agency,
        item_id=item_id,
        pillar=pillar,
        text=query.get("text", "").replace("\0", "").strip()[:_LONGEST_TEXT],
        is_late=query.get("late") == "1",
        unknown=tuple(unknown),
    )
