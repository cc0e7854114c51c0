"""Published tables: how a source printed figures. A table shows figures; it holds none."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from audit.guards import append_only
from indicators.models.source import Source
from indicators.states import TEXT_LENGTH
from recommendations.models.cycle import in_reading_language

if TYPE_CHECKING:
    from accounts.models import User


class PublishedTableQuerySet(models.QuerySet["PublishedTable"]):
    def visible_to(self, user: User) -> PublishedTableQuerySet:
        """Published tables are open as their source is (docs/rules.md, Who sees what)."""
        return self.filter(source__in=Source.objects.visible_to(user))


class PublishedTable(models.Model):
    """A table as it was printed: title, headings, footnotes, in order.

    `columns` and `rows` are lists of headings, each {"ms", "en", "is_own_ms", "is_own_en"} and for columns also "group",
    a heading above several columns (or null); `stub` is the heading above those of the rows (or null). `footnotes` are
    texts as printed, each {"text", "line"}. A name that MAPO gave, because the source has none in that language, is marked
    as its own.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="tables")
    key = models.CharField(max_length=4)
    position = models.PositiveSmallIntegerField()
    title_ms = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    is_own_title_ms = models.BooleanField(default=False)
    is_own_title_en = models.BooleanField(default=False)
    stub = models.JSONField(null=True, blank=True)
    columns = models.JSONField()
    rows = models.JSONField()
    footnotes = models.JSONField()
    line = models.PositiveIntegerField()

    web_grants: ClassVar[str] = "append"

    objects = PublishedTableQuerySet.as_manager()

    class Meta:
        ordering = ["source", "position"]
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="published_table_once"),
            models.CheckConstraint(
                condition=~Q(title_ms="") & ~Q(title_en=""), name="published_table_titled"
            ),
        ]
        triggers = append_only("publishedtable")

    def __str__(self) -> str:
        return f"{self.key}: {self.title}"

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_reading_language(self, "title")

    @property
    def is_own_title(self) -> bool:
        """Whether the title in the reader's language is MAPO's own."""
        return self.is_own_title_en if get_language() == "en" else self.is_own_title_ms


class PublishedCell(models.Model):
    """One printed value of a table, at a row and a column (from 0), and the line of the source's text where it stands.

    A cell shows a figure, or a printed change in per cent (`change`), or a mark such as a dash (neither). `note` is what
    is printed beside the value, such as the names of countries. Several values may stand in one place (`order`).
    """

    table = models.ForeignKey(PublishedTable, on_delete=models.PROTECT, related_name="cells")
    row = models.PositiveSmallIntegerField()
    column = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=TEXT_LENGTH)
    note = models.CharField(max_length=200, blank=True)
    figure = models.ForeignKey(
        "Figure", on_delete=models.PROTECT, null=True, blank=True, related_name="printed_in"
    )
    change = models.DecimalField(max_digits=7, decimal_places=1, null=True, blank=True)
    line = models.PositiveIntegerField()

    web_grants: ClassVar[str] = "append"

    class Meta:
        ordering = ["table", "row", "column", "order"]
        constraints = [
            models.UniqueConstraint(fields=["table", "row", "column", "order"], name="published_cell_once"),
            models.CheckConstraint(
                condition=Q(figure=None) | Q(change=None), name="published_cell_shows_one"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="published_cell_as_printed"),
        ]
        triggers = append_only("publishedcell")

    def __str__(self) -> str:
        return f"{self.table} {self.row}/{self.column}: {self.text}"
