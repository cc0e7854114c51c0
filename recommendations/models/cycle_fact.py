"""Facts of a cycle: what the source tells beside its numbered items, such as its announcement or a partner."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.guarded_text import GuardedCharField, GuardedTextField
from audit.guards import must_be_now, no_delete
from audit.past import PastRow, keep_past, kept_by
from recommendations.models.cycle import Cycle, Item, in_reading_language, place_in
from recommendations.states import FactKind

#: The most characters of a fact's title, and of the name of its source.
FACT_TITLE_LENGTH = 120
FACT_SOURCE_LENGTH = 200


class CycleFactQuerySet(models.QuerySet["CycleFact"]):
    def shown(self) -> CycleFactQuerySet:
        """Those that stand on the cycle's page."""
        return self.filter(withdrawn_at=None)

    def in_order(self) -> CycleFactQuerySet:
        """By kind, then in the order in which they were entered."""
        return self.order_by(place_in(FactKind, "kind"), "pk")


class CycleFact(models.Model):
    """One fact of a cycle in both languages, and the items that it concerns.

    Without a source it is MAPO's own. `key` is its name in the cycle's file, empty for those that an administrator adds.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="facts")
    key = models.CharField(max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=FactKind.choices)
    happened_on = models.DateField(_("date"), null=True, blank=True)
    title_ms = GuardedCharField(max_length=FACT_TITLE_LENGTH)
    title_en = GuardedCharField(max_length=FACT_TITLE_LENGTH)
    text_ms = GuardedTextField()
    text_en = GuardedTextField()
    source_ms = GuardedCharField(max_length=FACT_SOURCE_LENGTH, blank=True)
    source_en = GuardedCharField(max_length=FACT_SOURCE_LENGTH, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    items: models.ManyToManyField[Item, CycleFactItem] = models.ManyToManyField(
        Item, through="CycleFactItem", related_name="facts"
    )

    objects = CycleFactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "key"], condition=~Q(key=""), name="cyclefact_key_unique"
            ),
            models.CheckConstraint(condition=Q(kind__in=FactKind.values), name="cyclefact_kind_known"),
            models.CheckConstraint(
                condition=~(Q(title_ms="") | Q(title_en="") | Q(text_ms="") | Q(text_en="")),
                name="cyclefact_in_both_languages",
            ),
            models.CheckConstraint(
                condition=Q(source_ms="", source_en="") | (~Q(source_ms="") & ~Q(source_en="")),
                name="cyclefact_source_in_both_languages",
            ),
        ]
        triggers = [
            *no_delete("cyclefact"),
            *must_be_now("cyclefact", "withdrawn_at"),
            *keep_past(
                "cyclefact",
                "recommendations_cyclefactversion",
                "fact_id",
                *("kind", "happened_on", "title_ms", "title_en", "text_ms", "text_en"),
                *("source_ms", "source_en", "withdrawn_at"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_reading_language(self, "title")

    @property
    def text(self) -> str:
        return in_reading_language(self, "text")

    @property
    def source(self) -> str:
        """Who tells the fact; empty for MAPO's own."""
        return in_reading_language(self, "source")


class CycleFactVersion(PastRow):
    """What a fact said, and when. Written by the database alone."""

    fact = models.ForeignKey(CycleFact, on_delete=models.DO_NOTHING, related_name="versions")
    kind = models.CharField(max_length=16)
    happened_on = models.DateField(null=True)
    title_ms = GuardedCharField(max_length=FACT_TITLE_LENGTH)
    title_en = GuardedCharField(max_length=FACT_TITLE_LENGTH)
    text_ms = GuardedTextField()
    text_en = GuardedTextField()
    source_ms = GuardedCharField(max_length=FACT_SOURCE_LENGTH, blank=True)
    source_en = GuardedCharField(max_length=FACT_SOURCE_LENGTH, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints, indexes, triggers = kept_by("cyclefactversion", "fact")


class CycleFactItem(models.Model):
    """A fact and an item that it concerns: MAPO's own link."""

    fact = models.ForeignKey(CycleFact, on_delete=models.PROTECT, related_name="item_links")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="fact_links")

    web_grants: ClassVar[str] = "free"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact", "item"], name="cyclefact_item_unique")]
        triggers = keep_past(
            "cyclefactitem", "recommendations_cyclefactitemversion", "link_id", "fact", "item"
        )

    def __str__(self) -> str:
        return f"{self.fact} → {self.item}"


class CycleFactItemVersion(PastRow):
    """Which items a fact concerned, and when. Written by the database alone; `link_id` outlives the link."""

    link_id = models.BigIntegerField(db_index=True)
    fact = models.ForeignKey(CycleFact, on_delete=models.DO_NOTHING, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        constraints, indexes, triggers = kept_by("cyclefactitemversion", "link_id")
