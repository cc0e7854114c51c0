"""Indicators: what is counted, on which basis, and who answers for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from audit.guarded_text import GuardedCharField
from audit.guards import no_delete
from audit.past import PastRow, keep_past, kept_by
from indicators.states import BASIS_LENGTH, CODE_LENGTH, NAME_LENGTH, UNITS_WITH_PARTS, Unit
from recommendations.models import Item
from recommendations.models.cycle import in_reading_language
from recommendations.states import Pillar

if TYPE_CHECKING:
    from accounts.models import User
    from indicators.models.dimension import Dimension


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def visible_to(self, user: User) -> IndicatorQuerySet:
        """Definitions are open to everybody signed in (docs/rules.md, Who sees what)."""
        return self.all()

    def locked(self, indicator: Indicator) -> Indicator:
        """Return the row as it is now, locked until the transaction ends. Always the first lock taken."""
        rows = self.select_for_update(no_key=True, of=("self",))
        return rows.select_related("agency").get(pk=indicator.pk)


class Indicator(models.Model):
    """What is counted. The name is as printed by the source; a name of MAPO's own is marked in its language.

    A stock (`is_stock`) is counted on a day and is never summed over months. `counts_victims` says that small cells may
    point to a person. `agency` answers for its figures; without one, nobody reports it.
    """

    code = models.SlugField(max_length=CODE_LENGTH, unique=True)
    name_ms = GuardedCharField(_("name in Malay"), max_length=NAME_LENGTH)
    name_en = GuardedCharField(_("name in English"), max_length=NAME_LENGTH)
    is_own_name_ms = models.BooleanField(default=False)
    is_own_name_en = models.BooleanField(default=False)
    unit = models.CharField(_("unit"), max_length=12, choices=Unit.choices)
    basis_ms = GuardedCharField(_("counting basis in Malay"), max_length=BASIS_LENGTH)
    basis_en = GuardedCharField(_("counting basis in English"), max_length=BASIS_LENGTH)
    pillar = models.CharField(_("pillar"), max_length=16, choices=Pillar.choices, blank=True)
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name=_("agency"),
    )
    is_stock = models.BooleanField(_("is a stock on a day"), default=False)
    counts_victims = models.BooleanField(_("counts victims"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(default=0)
    dimensions: models.ManyToManyField[Dimension, IndicatorDimension] = models.ManyToManyField(
        "Dimension", through="IndicatorDimension", related_name="indicators"
    )
    items: models.ManyToManyField[Item, IndicatorItem] = models.ManyToManyField(
        Item, through="IndicatorItem", related_name="indicators"
    )

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="indicator_unit_known"),
            models.CheckConstraint(
                condition=Q(pillar__in=[*Pillar.values, ""]), name="indicator_pillar_known"
            ),
            models.CheckConstraint(
                condition=~Q(name_ms="") & ~Q(name_en="") & ~Q(basis_ms="") & ~Q(basis_en=""),
                name="indicator_defined",
            ),
        ]
        triggers = [
            *no_delete("indicator"),
            *keep_past(
                "indicator",
                "indicators_indicatorversion",
                "indicator_id",
                *("name_ms", "name_en", "is_own_name_ms", "is_own_name_en", "unit", "basis_ms", "basis_en"),
                *("pillar", "agency", "is_stock", "counts_victims", "is_active", "position"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_reading_language(self, "name")

    @property
    def is_own_name(self) -> bool:
        """Whether the name in the reader's language is MAPO's own, not the source's."""
        return self.is_own_name_en if get_language() == "en" else self.is_own_name_ms

    @property
    def basis(self) -> str:
        """What is counted, when and by whom, in the reader's language."""
        return in_reading_language(self, "basis")

    @property
    def has_parts(self) -> bool:
        """Whether its figures may have a fraction; persons and cases may not."""
        return self.unit in UNITS_WITH_PARTS


class IndicatorVersion(PastRow):
    """What an indicator's definition was, and when. Written by the database alone."""

    indicator = models.ForeignKey(Indicator, on_delete=models.DO_NOTHING, related_name="versions")
    name_ms = GuardedCharField(max_length=NAME_LENGTH)
    name_en = GuardedCharField(max_length=NAME_LENGTH)
    is_own_name_ms = models.BooleanField()
    is_own_name_en = models.BooleanField()
    unit = models.CharField(max_length=12)
    basis_ms = GuardedCharField(max_length=BASIS_LENGTH)
    basis_en = GuardedCharField(max_length=BASIS_LENGTH)
    pillar = models.CharField(max_length=16, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.DO_NOTHING, null=True, related_name="+")
    is_stock = models.BooleanField()
    counts_victims = models.BooleanField()
    is_active = models.BooleanField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints, indexes, triggers = kept_by("indicatorversion", "indicator")


class IndicatorDimension(models.Model):
    """A dimension by which an indicator may be broken down."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    dimension = models.ForeignKey("Dimension", on_delete=models.PROTECT, related_name="+")

    web_grants: ClassVar[str] = "append"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "dimension"], name="indicator_dimension_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.dimension}"


class IndicatorItem(models.Model):
    """An item of a report to which an indicator speaks."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="item_links")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="indicator_links")

    web_grants: ClassVar[str] = "free"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "item"], name="indicator_item_once")]
        triggers = keep_past(
            "indicatoritem", "indicators_indicatoritemversion", "link_id", "indicator", "item"
        )

    def __str__(self) -> str:
        return f"{self.indicator} → {self.item}"


class IndicatorItemVersion(PastRow):
    """Which items an indicator spoke to, and when. Written by the database alone; `link_id` outlives the link."""

    link_id = models.BigIntegerField(db_index=True)
    indicator = models.ForeignKey(Indicator, on_delete=models.DO_NOTHING, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        constraints, indexes, triggers = kept_by("indicatoritemversion", "link_id")
