"""Dimensions: by what a figure is broken down, such as sex and age."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from indicators.states import CODE_LENGTH, NAME_LENGTH
from recommendations.models.cycle import in_reading_language


class Dimension(models.Model):
    """A way to break figures down, such as sex and age, or the body paid."""

    code = models.SlugField(max_length=CODE_LENGTH, unique=True)
    name_ms = models.CharField(max_length=NAME_LENGTH)
    name_en = models.CharField(max_length=NAME_LENGTH)

    web_grants: ClassVar[str] = "append"

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=~Q(name_ms="") & ~Q(name_en=""), name="dimension_named")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_reading_language(self, "name")


class DimensionValue(models.Model):
    """One value of a dimension, such as women; `position` is its place in lists."""

    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="values")
    code = models.SlugField(max_length=CODE_LENGTH)
    name_ms = models.CharField(max_length=NAME_LENGTH)
    name_en = models.CharField(max_length=NAME_LENGTH)
    position = models.PositiveSmallIntegerField()

    web_grants: ClassVar[str] = "append"

    class Meta:
        ordering = ["dimension", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["dimension", "code"], name="dimension_value_once"),
            models.CheckConstraint(condition=~Q(name_ms="") & ~Q(name_en=""), name="dimension_value_named"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_reading_language(self, "name")
