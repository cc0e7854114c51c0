"""What is late, returned or waiting, agency by agency, for papers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import pgettext

from recommendations.states import ItemKind
from reports.writers.wording.sentences import ATTENTION_SINCE
from ui.numbers import number

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.rows import ReportedAgency
    from reports.writers.wording.sentences import AgencyPart


class NamedAgency(Protocol):
    """An agency by its code and names."""

    @property
    def code(self) -> str: ...
    @property
    def name_ms(self) -> str: ...
    @property
    def name_en(self) -> str: ...


class NumberedItem(Protocol):
    """An item by its kind and number."""

    @property
    def kind(self) -> str: ...
    @property
    def number(self) -> int: ...


#: An item and the days for which something about it lasts.
ItemDays = tuple[NumberedItem, int]
#: An agency with its items and their days, the longest first.
AgencyCases = tuple[NamedAgency, Sequence[ItemDays]]


def by_agency(content: SummaryContent, parts: Sequence[AgencyPart], kind: str) -> list[AgencyCases]:
    """Return the agencies of parts that stand out so (a key of `ATTENTION_SINCE`), the longest first.

    Each comes with its items and their days until the day of the summary, the longest first. Of agencies that are alike for as
    long, the code decides, as where the agenda of a meeting lists them.
    """
    on, since = content.selection.day, ATTENTION_SINCE[kind]
    agencies: dict[str, tuple[ReportedAgency, list[ItemDays]]] = {}
    for item, agency in sorted(parts, key=lambda part: (since(part[1]) or on, part[1].code)):
        _agency, items = agencies.setdefault(agency.code, (agency, []))
        items.append((item, (on - (since(agency) or on)).days))
    return list(agencies.values())


def items_with_days(items: Sequence[ItemDays]) -> str:
    """Return items with their days in brackets, the kind said once: "Recommendation 5 (45), 10 (23); Weakness 5 (18)"."""
    parts = []
    for kind in ItemKind:
        if numbered := [f"{item.number} ({number(days)})" for item, days in items if item.kind == kind]:
            parts.append(f"{kind.label} {', '.join(numbered)}")
    return pgettext("between parts", "; ").join(parts)
