"""What indicators count, as it is now or as it was defined at a past instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import get_language

from accounts.models import User
from audit.clock import local_date
from indicators.models import (
    Indicator,
    IndicatorDimension,
    IndicatorItem,
    IndicatorItemVersion,
    IndicatorVersion,
)
from indicators.states import Unit
from recommendations.models.cycle import in_reading_language
from recommendations.states import Pillar
from ui.dates import supported_language

_COLUMNS = (
    *("code", "name_ms", "name_en", "is_own_name_ms", "is_own_name_en", "unit", "basis_ms", "basis_en"),
    *("pillar", "agency_id", "is_stock", "counts_victims", "is_active"),
)
_DIMENSIONS = (
    IndicatorDimension.objects.filter(indicator=OuterRef("indicator_id"))
    .order_by("dimension__code")
    .values(names=JSONObject(ms="dimension__name_ms", en="dimension__name_en"))
)
_FIRST = (
    IndicatorVersion.objects.filter(indicator=OuterRef("indicator_id"))
    .order_by("began_at")
    .values("began_at")[:1]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedIndicator:
    """What an indicator counts, and to which items it speaks, at an instant."""

    indicator_id: int
    code: str
    name_ms: str
    name_en: str
    is_own_name_ms: bool
    is_own_name_en: bool
    unit: str
    basis_ms: str
    basis_en: str
    pillar: str
    agency_id: int | None
    agency_code: str | None
    agency_name_ms: str | None
    agency_name_en: str | None
    is_stock: bool
    counts_victims: bool
    is_active: bool
    dimension_names: Sequence[Mapping[str, str]]
    item_ids: Sequence[int]
    first_at: datetime | None
    changed_at: datetime | None

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_reading_language(self, "name")

    @property
    def other_name(self) -> str:
        """The name in the other language."""
        return self.name_ms if get_language() == "en" else self.name_en

    @property
    def is_own_name(self) -> bool:
        """Whether the name in the reader's language is MAPO's own, not the source's."""
        return self.is_own_name_en if get_language() == "en" else self.is_own_name_ms

    @property
    def basis(self) -> str:
        """The counting basis in the reader's language."""
        return in_reading_language(self, "basis")

    @property
    def agency_name(self) -> str:
        return in_reading_language(self, "agency_name") if self.agency_id else ""

    @property
    def dimensions(self) -> list[str]:
        """By what its figures may be broken down, in the reader's language."""
        return [names[supported_language()] for names in self.dimension_names]

    @property
    def first_day(self) -> date | None:
        """The day on which it was first recorded."""
        return local_date(self.first_at) if self.first_at else None

    @property
    def unit_label(self) -> str:
        return str(Unit(self.unit).label)

    @property
    def pillar_label(self) -> str:
        return str(Pillar(self.pillar).label) if self.pillar else ""


def read_counted(*, user: User, before: datetime | None = None, **chosen: object) -> list[CountedIndicator]:
    """Return the indicators in use in their order, now or just before an instant; `chosen` narrows them. One query."""
    seen = Indicator.objects.visible_to(user).filter(**chosen)
    more = {
        "agency_code": F("agency__code"),
        "agency_name_ms": F("agency__name_ms"),
        "agency_name_en": F("agency__name_en"),
        "dimension_names": ArraySubquery(_DIMENSIONS),
        "item_ids": ArraySubquery(_links(before)),
        "first_at": Subquery(_FIRST),
        "changed_at": Subquery(_changes(before)),
    }
    columns = ("indicator_id", *_COLUMNS)
    if before is None:
        present = seen.filter(is_active=True).annotate(indicator_id=F("pk"))
        found = list(present.order_by("position", "code").values(*columns, **more))
    else:
        held = IndicatorVersion.objects.as_at(before).filter(indicator__in=seen, is_active=True)
        past = held.annotate(code=F("indicator__code"))
        found = list(past.order_by("position", "code").values(*columns, **more))
    return [CountedIndicator(**row) for row in found]


def _changes(before: datetime | None) -> QuerySet[Any, Any]:
    """Return when the unit or the basis of the indicator in hand last changed, now or just before an instant."""
    same = {name: OuterRef(name) for name in ("unit", "is_stock", "basis_ms", "basis_en")}
    replaced = IndicatorVersion.objects.filter(
        indicator=OuterRef("indicator_id"), ended_at=OuterRef("began_at")
    ).exclude(**same)
    found = IndicatorVersion.objects.filter(Exists(replaced), indicator=OuterRef("indicator_id"))
    if before is not None:
        found = found.filter(began_at__lt=before)
    return found.order_by("-began_at").values("began_at")[:1]


def _links(before: datetime | None) -> QuerySet[Any, Any]:
    """Return the keys of the items to which the indicator in hand speaks, now or just before an instant."""
    links: QuerySet[Any, Any] = IndicatorItem.objects.all()
    if before is not None:
        links = IndicatorItemVersion.objects.as_at(before)
    return links.filter(indicator=OuterRef("indicator_id")).values("item")
