"""Series: an indicator with one value of each of some dimensions, such as permissions to work given to women."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

if TYPE_CHECKING:
    from indicators.models.dimension import DimensionValue


class Series(models.Model):
    """What a figure is a number of. `key` names the values by code, as `series_key` writes them; "" is the total."""

    indicator = models.ForeignKey("Indicator", on_delete=models.PROTECT, related_name="series")
    key = models.CharField(max_length=200, blank=True)
    values: models.ManyToManyField[DimensionValue, SeriesValue] = models.ManyToManyField(
        "DimensionValue", through="SeriesValue", related_name="series"
    )

    web_grants: ClassVar[str] = "append"

    class Meta:
        verbose_name_plural = "series"
        constraints = [models.UniqueConstraint(fields=["indicator", "key"], name="series_once")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.key}".strip()

    @property
    def label(self) -> str:
        """What is counted, in words: "Protection orders, women". Reads its values, unless they are at hand."""
        return ", ".join([self.indicator.name, *(link.value.name for link in self.value_links.all())])

    @property
    def is_total(self) -> bool:
        """Whether it is broken down by nothing."""
        return not self.key


class SeriesValue(models.Model):
    """A value of a dimension that belongs to a series."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="value_links")
    value = models.ForeignKey("DimensionValue", on_delete=models.PROTECT, related_name="+")

    web_grants: ClassVar[str] = "append"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "value"], name="series_value_once")]

    def __str__(self) -> str:
        return f"{self.series}: {self.value}"


def series_key(values: dict[str, str]) -> str:
    """Return the key of a series: codes of values by codes of dimensions, in the order of the dimensions' codes.

    {"sex_age": "women", "exploitation": "forced_labour"} gives "exploitation=forced_labour;sex_age=women".
    """
    return ";".join(f"{dimension}={values[dimension]}" for dimension in sorted(values))
