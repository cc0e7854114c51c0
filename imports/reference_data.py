"""The data against which rows are checked: the agency's assignments in a cycle as they are now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate

from accounts.clearance import highest_class
from accounts.models import Agency, User
from audit.clock import KUALA_LUMPUR
from recommendations.models import Assignment, Cycle, Item, Update
from recommendations.models.cycle import Titled
from recommendations.states import ItemKind, item_label


@dataclass(frozen=True, kw_only=True)
class Answering(Titled):
    """An assignment in force.

    `open_state` is the state of an open update, which is no row of the batch, and `open_import` the import that brought
    it in; empty without one. `verdict_on` is the day of the report that MAPO's newest verdict is about.
    """

    pk: int
    kind: str
    number: int
    text_ms: str
    text_en: str
    title_ms: str
    title_en: str
    open_state: str
    open_import: int | None
    verdict_on: date | None

    @property
    def label(self) -> str:
        return item_label(self.kind, self.number)

    @property
    def label_with_title(self) -> str:
        """Return "Recommendation 1 · short title", which reading takes for Recommendation 1 (see `values.item_of`)."""
        return f"{self.label} · {self.title}"

    @property
    def key(self) -> tuple[str, int]:
        return (self.kind, self.number)


@dataclass(frozen=True, kw_only=True)
class ReferenceData:
    """What the rows of a batch are checked against.

    `answered` holds the agency's assignments in force by (kind, number), in the order of the report; `items` all items
    of the cycle. `highest_class` is the highest classification that the person, and the installation, may handle.
    """

    cycle: Cycle
    agency: Agency
    today: date
    answered: Mapping[tuple[str, int], Answering]
    items: frozenset[tuple[str, int]]
    highest_class: int


def load_reference_data(cycle: Cycle, *, agency: Agency, person: User, today: date) -> ReferenceData:
    """Return what the rows of an agency are checked against (two queries)."""
    items = Item.objects.filter(cycle=cycle).order_by().values_list("kind", "number")
    answered = [Answering(**row) for row in _assignments(cycle, agency)]
    return ReferenceData(
        cycle=cycle,
        agency=agency,
        today=today,
        answered={each.key: each for each in answered},
        items=frozenset(items),
        highest_class=highest_class(person),
    )


def _assignments(cycle: Cycle, agency: Agency) -> QuerySet[Any, Any]:
    opened = Update.objects.open().filter(assignment=OuterRef("pk")).order_by("pk")
    accepted = "outcome__verdict__submission"
    verdict_on = Coalesce(
        F(f"{accepted}__update__reported_on"),
        F(f"{accepted}__update__letter_on"),
        TruncDate(f"{accepted}__submitted_at", tzinfo=KUALA_LUMPUR),
    )
    return (
        Assignment.objects.in_force()
        .filter(agency=agency, item__cycle=cycle)
        .annotate(
            open_state=Coalesce(Subquery(opened.values("state")[:1]), Value("")),
            open_import=Subquery(opened.values("opening")[:1]),
            verdict_on=verdict_on,
            rank=Case(
                *(When(item__kind=kind, then=Value(rank)) for rank, kind in enumerate(ItemKind.values)),
                default=Value(len(ItemKind.values)),
            ),
            kind=F("item__kind"),
            number=F("item__number"),
            text_ms=F("item__text_ms"),
            text_en=F("item__text_en"),
            title_ms=F("item__title_ms"),
            title_en=F("item__title_en"),
        )
        .order_by("rank", "number", "pk")
        .values(
            "pk",
            "kind",
            "number",
            "text_ms",
            "text_en",
            "title_ms",
            "title_en",
            "open_state",
            "open_import",
            "verdict_on",
        )
    )
