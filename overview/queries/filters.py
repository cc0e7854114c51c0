"""What the address of the overview narrows it to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from overview.queries.marks import Mark, MarkedState, marks_for
from recommendations.queries.cycle_state import AgencyState, ItemRow
from recommendations.states import STATUS_KINDS, Pillar, Status
from ui import components
from ui.query_state import QueryState

#: The names of the filters in the address, in the order of the form.
NAMES = ("text", "kind", "status", "agency", "pillar", "show")
#: So much of a filter is read and told again.
_LENGTH = 100


@dataclass(frozen=True)
class OverviewFilters:
    """What the address asks for; empty text asks for nothing."""

    text: str = ""
    kind: str = ""
    status: str = ""
    agency: str = ""
    pillar: str = ""
    show: str = ""

    @classmethod
    def read(
        cls, query: Mapping[str, str], *, marked: MarkedState, user: User
    ) -> tuple[OverviewFilters, str]:
        """Return the filters that a query string asks for, and the sentence on those that name nothing.

        A filter that names nothing is not applied; the others stand. An agency or a mark that the reader may not
        know of names nothing.
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
        return bool(self.as_query())

    def as_query(self) -> dict[str, str]:
        """Name and value of each filter that is set."""
        return {name: value for name in NAMES if (value := getattr(self, name))}

    def keeps(self, row: ItemRow, *, marked: MarkedState) -> bool:
        """Whether the item fits all that is asked for."""
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
        """Whether an agency's part in an item is what is asked for."""
        shown = not self.show or self.show in marked.of(agency)
        return shown and self.agency in ("", agency.code)

    def _keeps_text(self, row: ItemRow) -> bool:
        wanted = self.text.casefold()
        return not wanted or any(wanted in text.casefold() for text in (row.text_ms, row.text_en, row.label))


def _known(marked: MarkedState, user: User) -> dict[str, set[str]]:
    return {
        "kind": {kind.value for kind in STATUS_KINDS},
        "status": set(Status.values),
        "agency": {agency.code for _row, agency in marked.state.pairs()},
        "pillar": set(Pillar.values),
        "show": {mark.value for mark in marks_for(user)},
    }


def _refused(unknown: Mapping[str, str]) -> str:
    if not unknown:
        return ""
    labels = filter_labels()
    told = ", ".join(f"{labels[name]} “{value}”" for name, value in unknown.items())
    return ngettext(
        "This filter was not understood and is not applied: %(filters)s. The rest stays as it was asked for.",
        "These filters were not understood and are not applied: %(filters)s. The rest stays as it was asked for.",
        len(unknown),
    ) % {"filters": told}


def filter_labels() -> dict[str, str]:
    """The word of each filter."""
    return {
        "text": _("Text"),
        "kind": _("Kind"),
        "status": _("Status"),
        "agency": _("Agency"),
        "pillar": _("Pillar"),
        "show": _("Show"),
    }


def choices(marked: MarkedState, filters: OverviewFilters) -> list[dict[str, Any]]:
    """The selects of the filter form: name, label and options."""
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


#: What stands out, in the words of the row of choices above the table.
MARK_WORDS: dict[Mark, Callable[[], str]] = {
    Mark.WAITING: lambda: pgettext("items", "Waiting"),
    Mark.LATE: lambda: pgettext("items", "Late"),
    Mark.RETURNED: lambda: pgettext("items", "Returned"),
    Mark.STALE: lambda: pgettext("items", "Stale"),
    Mark.DIFFERS: lambda: pgettext("items", "Claim differs"),
    Mark.SUGGESTED: lambda: pgettext("items", "Suggested"),
}


def show_options(filters: OverviewFilters, *, marked: MarkedState, place: QueryState) -> list[dict[str, Any]]:
    """The row of choices above the table, each with its count under the other filters; none leads to nothing."""
    counts = Counter(
        mark
        for _row, agency in found_pairs(replace(filters, show=""), marked=marked)
        for mark in marked.of(agency)
    )
    options = [_option(pgettext("items", "All"), "", filters, place)]
    for mark, words in MARK_WORDS.items():
        if counts[mark] or filters.show == mark:
            options.append(_option(f"{words()} {counts[mark]}", mark.value, filters, place))
    return options if len(options) > 1 else []


def _option(label: str, value: str, filters: OverviewFilters, place: QueryState) -> dict[str, Any]:
    url = place.url("matrix", show=value)
    return {"label": label, "url": url, "is_current": filters.show == value, "lang": ""}


def found_pairs(filters: OverviewFilters, *, marked: MarkedState) -> Iterator[tuple[ItemRow, AgencyState]]:
    """Every assignment that fits the filters, with its item."""
    for row in marked.state.items:
        if filters.keeps(row, marked=marked):
            yield from (
                (row, agency) for agency in row.agencies if filters.keeps_agency(agency, marked=marked)
            )
