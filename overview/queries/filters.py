"""The filters of the overview: read from the address, applied to items, and offered as choices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from accounts.models import User
from overview.queries.marks import Mark, MarkedState, marks_for
from recommendations.queries.cycle_state import AgencyState, ItemRow
from recommendations.states import STATUS_KINDS, ItemKind, Pillar, Status
from ui import components
from ui.query_state import QueryState

#: The names of the filters in the address, in the order of the form.
NAMES = ("text", "kind", "status", "agency", "pillar", "show", "order")
#: The order in which items and agencies with late parts come first; "" is the order of the report.
LATE_FIRST = "late"
#: Characters of a filter that are read.
_LENGTH = 100


@dataclass(frozen=True)
class OverviewFilters:
    """The filters in the address, and the order of the table; an empty one is not set."""

    text: str = ""
    kind: str = ""
    status: str = ""
    agency: str = ""
    pillar: str = ""
    show: str = ""
    order: str = ""

    @classmethod
    def read(
        cls, query: Mapping[str, str], *, marked: MarkedState, user: User
    ) -> tuple[OverviewFilters, str]:
        """Return the filters of a query string, and a sentence on those with an unknown value, or "".

        A filter with an unknown value is not set; the others stay. Agencies and marks that the reader may not know
        of count as unknown.
        """
        asked = cls(**{name: query.get(name, "").strip()[:_LENGTH] for name in NAMES})
        known = _known(marked, user)
        unknown = {
            name: value
            for name, value in asked.as_query().items()
            if name in known and value not in known[name]
        }
        return replace(asked, **dict.fromkeys(unknown, "")), _refused(unknown)

    @property
    def is_set(self) -> bool:
        """Whether any filter is set; an order leaves nothing out."""
        return replace(self, order="") != OverviewFilters()

    def as_query(self) -> dict[str, str]:
        """Return name and value of each filter that is set, and of the order."""
        return {name: value for name in NAMES if (value := getattr(self, name))}

    def of_figures(self) -> OverviewFilters:
        """Return the filters that govern the figures of the page: the choice of a mark is the table's alone."""
        return replace(self, show="", order="")

    def words(self) -> str:
        """Return what is set, with its labels: Agency JTK, Status In progress."""
        labels = filter_labels()
        values = {
            "kind": lambda value: str(ItemKind(value).label),
            "status": lambda value: str(Status(value).label),
            "pillar": lambda value: str(Pillar(value).label),
            "text": lambda value: f"“{value}”",
        }
        return ", ".join(
            f"{labels[name]} {values[name](value) if name in values else value}"
            for name, value in self.of_figures().as_query().items()
        )

    def keeps(self, row: ItemRow, *, marked: MarkedState) -> bool:
        """Return whether the item fits all filters."""
        exact = ((self.kind, row.kind), (self.status, row.state.status), (self.pillar, row.pillar))
        return (
            all(wanted in ("", actual) for wanted, actual in exact)
            and self._keeps_text(row)
            and (
                not (self.agency or self.show)
                or any(self.keeps_agency(each, marked=marked) for each in row.agencies)
            )
        )

    def keeps_agency(self, agency: AgencyState, *, marked: MarkedState) -> bool:
        """Return whether an assignment fits the filters of agency and mark."""
        shown = not self.show or self.show in marked.of(agency)
        return shown and self.agency in ("", agency.code)

    def _keeps_text(self, row: ItemRow) -> bool:
        wanted = self.text.casefold()
        return not wanted or any(wanted in text.casefold() for text in (*row.texts, row.label))


def _known(marked: MarkedState, user: User) -> dict[str, set[str]]:
    return {
        "kind": {kind.value for kind in STATUS_KINDS},
        "status": set(Status.values),
        "agency": {agency.code for _row, agency in marked.state.pairs()},
        "pillar": set(Pillar.values),
        "show": {mark.value for mark in marks_for(user)},
        "order": {LATE_FIRST} if Mark.LATE in marks_for(user) else set(),
    }


def _refused(unknown: Mapping[str, str]) -> str:
    if not unknown:
        return ""
    labels = filter_labels()
    told = ", ".join(f"{labels[name]} “{value}”" for name, value in unknown.items())
    return ngettext(
        "This filter is not valid and was not applied: %(filters)s. The other filters were applied.",
        "These filters are not valid and were not applied: %(filters)s. The other filters were applied.",
        len(unknown),
    ) % {"filters": told}


def filter_labels() -> dict[str, str]:
    """Return the label of each filter."""
    return {
        "text": _("Text"),
        "kind": _("Kind"),
        "status": _("Status"),
        "agency": _("Agency"),
        "pillar": _("Pillar"),
        "show": _("Show"),
        "order": _("Order"),
    }


def choices(marked: MarkedState, filters: OverviewFilters) -> list[dict[str, Any]]:
    """Return the selects of the filter form: name, label and options."""
    labels = filter_labels()
    agencies = {agency.agency_id: agency for _row, agency in marked.state.pairs()}
    selects = [
        ("kind", [(kind.value, str(kind.label)) for kind in STATUS_KINDS]),
        ("status", [(value, str(label)) for value, label in Status.choices]),
        ("agency", [(each.code, f"{each.code} · {each.name}") for _id, each in sorted(agencies.items())]),
        ("pillar", [(value, str(label)) for value, label in Pillar.choices]),
    ]
    return [
        {"name": name, "label": labels[name], "options": components.options(options, getattr(filters, name))}
        for name, options in selects
    ]


#: The labels of the row of choices above the table.
MARK_LABELS = {
    Mark.WAITING: pgettext_lazy("items", "Waiting"),
    Mark.LATE: pgettext_lazy("items", "Late"),
    Mark.RETURNED: pgettext_lazy("items", "Returned"),
    Mark.STALE: pgettext_lazy("items", "Stale"),
    Mark.DIFFERS: pgettext_lazy("items", "Claim differs"),
    Mark.SUGGESTED: pgettext_lazy("items", "Suggested"),
}


def show_options(filters: OverviewFilters, *, marked: MarkedState, place: QueryState) -> list[dict[str, Any]]:
    """Return the row of choices above the table, each with its count under the other filters; none counts 0."""
    counts = Counter(
        mark
        for _row, agency in found_pairs(replace(filters, show=""), marked=marked)
        for mark in marked.of(agency)
    )
    options = [_option(pgettext("items", "All"), "", filters, place)]
    for mark, label in MARK_LABELS.items():
        if counts[mark] or filters.show == mark:
            options.append(_option(f"{label} {counts[mark]}", mark.value, filters, place))
    return options if len(options) > 1 else []


def _option(label: str, value: str, filters: OverviewFilters, place: QueryState) -> dict[str, Any]:
    url = place.url("matrix", show=value)
    return {"label": label, "url": url, "is_current": filters.show == value, "lang": ""}


def narrowed(marked: MarkedState, filters: OverviewFilters) -> MarkedState:
    """Return the state of the items that fit, and of them the assignments that fit; the state itself without filters."""
    if not filters.is_set:
        return marked
    items = tuple(
        replace(
            row,
            agencies=tuple(agency for agency in row.agencies if filters.keeps_agency(agency, marked=marked)),
        )
        for row in marked.state.items
        if filters.keeps(row, marked=marked)
    )
    return replace(marked, state=replace(marked.state, items=items))


def found_pairs(filters: OverviewFilters, *, marked: MarkedState) -> Iterator[tuple[ItemRow, AgencyState]]:
    """Yield every assignment that fits the filters, with its item."""
    for row in marked.state.items:
        if filters.keeps(row, marked=marked):
            yield from (
                (row, agency) for agency in row.agencies if filters.keeps_agency(agency, marked=marked)
            )
