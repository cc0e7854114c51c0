"""Cycles and their items: what the report says, and the window that counts for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, StrIndex
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from audit.errors import NotNow
from audit.guarded_text import GuardedCharField, GuardedTextField
from audit.guards import no_delete
from audit.past import PastRow, keep_past, kept_by
from recommendations.errors import CYCLE_CLOSED, CYCLE_UNOPENED
from recommendations.states import TITLE_LENGTH, ItemKind, Pillar, item_label

if TYPE_CHECKING:
    from accounts.models import User


def in_reading_language(thing: object, field: str) -> str:
    """Return `field_ms` or `field_en` of a thing, after the language in force."""
    return str(getattr(thing, f"{field}_{'en' if get_language() == 'en' else 'ms'}"))


#: The most characters of an official text that stand in a list for an item without a short title.
TEXT_LENGTH_IN_LISTS = 80


def beginning_of(text: str) -> str:
    """Return the beginning of an official text in one line, cut after a word."""
    whole = " ".join(text.split())
    if len(whole) <= TEXT_LENGTH_IN_LISTS:
        return whole
    cut = whole[: TEXT_LENGTH_IN_LISTS + 1].rpartition(" ")[0] or whole[:TEXT_LENGTH_IN_LISTS]
    return f"{cut.rstrip(' ,;:–-')}…"


def title_of(item: object, language: str = "") -> str:
    """Return what lists show of an item: its short title, or the beginning of the text of one without a title.

    `item` has the columns of `Titled`; `language` is "ms" or "en", else the language in force.
    """
    code = language or ("en" if get_language() == "en" else "ms")
    return getattr(item, f"title_{code}") or beginning_of(getattr(item, f"text_{code}"))


class Titled:
    """What has the official text of an item and MAPO's short title for it, as `text_ms`, `title_ms` and the like."""

    __slots__ = ()

    @property
    def text(self) -> str:
        """The official text in the reader's language, to the letter."""
        return in_reading_language(self, "text")

    @property
    def short_title(self) -> str:
        """MAPO's short title in the reader's language; empty where there is none."""
        return in_reading_language(self, "title")

    @property
    def title(self) -> str:
        """What lists show, in the reader's language: see `title_of`."""
        return title_of(self)

    @property
    def texts(self) -> tuple[str, ...]:
        """All that a text filter looks into."""
        return tuple(getattr(self, name) for name in ("title_ms", "title_en", "text_ms", "text_en"))


class CycleQuerySet(models.QuerySet["Cycle"]):
    def open(self) -> CycleQuerySet:
        """Cycles that still take writes."""
        return self.filter(closed_at=None)

    def opened(self) -> CycleQuerySet:
        """Cycles that were opened, closed since or not."""
        return self.exclude(opened_at=None)

    def visible_to(self, user: User) -> CycleQuerySet:
        """MAPO reads all cycles, everybody else those that were opened (docs/rules.md, Who sees what)."""
        return self.all() if user.is_mapo else self.opened()

    def held_open(self, cycle: Cycle) -> Cycle:
        """Return the cycle as it is now, shared with other acts but not with its closing; `NotNow` when it is not open."""
        current = self._held(cycle)
        if current.is_closed:
            raise NotNow(current.closed_words)
        return current

    def held_editable(self, cycle: Cycle) -> Cycle:
        """Return the cycle as `held_open` does, also one that MAPO has not opened yet and still writes."""
        current = self._held(cycle)
        if not current.is_editable:
            raise NotNow(CYCLE_CLOSED)
        return current

    def _held(self, cycle: Cycle) -> Cycle:
        rows = self.raw("SELECT * FROM recommendations_cycle WHERE id = %s FOR SHARE", [cycle.pk])
        current: Cycle = rows[0]
        return current


class Cycle(models.Model):
    """One report and its window. Next year's report is another Cycle: no code names a year.

    Until MAPO opens it, a cycle is closed as well: it takes no act and nothing in it is due.
    """

    year = models.PositiveSmallIntegerField(_("report year"), unique=True)
    published_on = models.DateField(_("published on"))
    window_start = models.DateField(_("window start"))
    window_end = models.DateField(_("window end"))
    interim_on = models.DateField(_("interim date"))
    submission_on = models.DateField(_("information due"))
    tier_before_ms = GuardedCharField(max_length=80)
    tier_before_en = GuardedCharField(max_length=80)
    tier_after_ms = GuardedCharField(max_length=80)
    tier_after_en = GuardedCharField(max_length=80)
    source_ms = GuardedCharField(max_length=200)
    source_en = GuardedCharField(max_length=200)
    source_on = models.DateField()
    #: Where the date for information comes from, and a sentence of the source itself; each may be unknown.
    submission_source_ms = GuardedCharField(max_length=200, blank=True, default="", db_default="")
    submission_source_en = GuardedCharField(max_length=200, blank=True, default="", db_default="")
    quote_ms = GuardedTextField(blank=True, default="", db_default="")
    quote_en = GuardedTextField(blank=True, default="", db_default="")
    cadence_days = models.PositiveSmallIntegerField(_("days between updates"), default=30)
    due_soon_days = models.PositiveSmallIntegerField(_("days before due that count as due soon"), default=7)
    stale_after_days = models.PositiveSmallIntegerField(
        _("days without an accepted update that count as stale"), default=45
    )
    opened_at = models.DateTimeField(null=True, blank=True, db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(window_start__lte=F("window_end")), name="cycle_window_in_order"
            ),
            models.CheckConstraint(condition=Q(cadence_days__gte=1), name="cycle_cadence_positive"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=False) | Q(closed_at__isnull=False),
                name="cycle_closed_until_opened",
            ),
        ]
        triggers = [
            *no_delete("cycle"),
            *keep_past(
                "cycle",
                "recommendations_cycleversion",
                "cycle_id",
                *("window_start", "window_end", "interim_on", "submission_on"),
                *("cadence_days", "due_soon_days", "stale_after_days", "closed_at", "published_on"),
                *("tier_before_ms", "tier_before_en", "tier_after_ms", "tier_after_en"),
                *("source_ms", "source_en", "source_on", "submission_source_ms", "submission_source_en"),
                *("quote_ms", "quote_en"),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(year)s cycle") % {"year": self.year}

    @property
    def tier_before(self) -> str:
        return in_reading_language(self, "tier_before")

    @property
    def tier_after(self) -> str:
        return in_reading_language(self, "tier_after")

    @property
    def source(self) -> str:
        return in_reading_language(self, "source")

    @property
    def submission_source(self) -> str:
        return in_reading_language(self, "submission_source")

    @property
    def quote(self) -> str:
        """The sentence of the source in the reader's language, or in the only one that the source has it in."""
        return in_reading_language(self, "quote") or self.quote_ms or self.quote_en

    @property
    def quote_language(self) -> str:
        return "en" if self.quote and self.quote == self.quote_en else "ms"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_opened(self) -> bool:
        return self.opened_at is not None

    @property
    def is_editable(self) -> bool:
        """Whether MAPO may change its dates, texts and facts: before it is opened too, until it is closed."""
        return not self.is_closed or not self.is_opened

    @property
    def closed_words(self) -> str:
        """Why it takes no write while it is not open."""
        return str(CYCLE_CLOSED if self.is_opened else CYCLE_UNOPENED)

    def next_due_after(self, today: date, *, cadence_days: int | None = None) -> date | None:
        """When the next update is owed, counted from `today`; never past the window; None once it is over.

        Before the window begins nothing is owed, so it counts from the first day of the window.
        """
        if today >= self.window_end:
            return None
        begun = max(today, self.window_start)
        return min(begun + timedelta(days=cadence_days or self.cadence_days), self.window_end)


class CycleVersion(PastRow):
    """What a cycle's dates, thresholds, tiers and sources were, and when. Written by the database alone."""

    cycle = models.ForeignKey(Cycle, on_delete=models.DO_NOTHING, related_name="versions")
    window_start = models.DateField()
    window_end = models.DateField()
    interim_on = models.DateField()
    submission_on = models.DateField()
    cadence_days = models.PositiveSmallIntegerField()
    due_soon_days = models.PositiveSmallIntegerField()
    stale_after_days = models.PositiveSmallIntegerField()
    closed_at = models.DateTimeField(null=True)
    published_on = models.DateField(null=True)
    tier_before_ms = GuardedCharField(max_length=80, db_default="")
    tier_before_en = GuardedCharField(max_length=80, db_default="")
    tier_after_ms = GuardedCharField(max_length=80, db_default="")
    tier_after_en = GuardedCharField(max_length=80, db_default="")
    source_ms = GuardedCharField(max_length=200, db_default="")
    source_en = GuardedCharField(max_length=200, db_default="")
    source_on = models.DateField(null=True)
    submission_source_ms = GuardedCharField(max_length=200, db_default="")
    submission_source_en = GuardedCharField(max_length=200, db_default="")
    quote_ms = GuardedTextField(db_default="")
    quote_en = GuardedTextField(db_default="")

    class Meta:
        constraints, indexes, triggers = kept_by("cycleversion", "cycle")


def place_in(choices: type[models.TextChoices], field: str) -> StrIndex:
    """Return where the value of a field stands among its choices, to order by: none is a part of another."""
    return StrIndex(models.Value(" ".join(choices.values)), field)


class ItemQuerySet(models.QuerySet["Item"]):
    def actionable(self) -> ItemQuerySet:
        """Items that agencies answer for: not the achievements."""
        return self.exclude(kind=ItemKind.ACHIEVEMENT)

    def visible_to(self, user: User) -> ItemQuerySet:
        """Everybody signed in reads the texts of cycles that were opened (docs/rules.md, Who sees what)."""
        return self.all() if user.is_mapo else self.exclude(cycle__opened_at=None)

    def in_order(self) -> ItemQuerySet:
        """Recommendations, then weaknesses, then achievements, by number."""
        return self.order_by("-cycle__year", place_in(ItemKind, "kind"), "number")


class Item(Titled, models.Model):
    """A numbered point of a report, its text to the letter of the source in both languages.

    Its short titles are MAPO's own, not the report's: both are given, or neither.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=16, choices=ItemKind.choices)
    number = models.PositiveSmallIntegerField()
    text_ms = GuardedTextField()
    text_en = GuardedTextField()
    title_ms = GuardedCharField(max_length=TITLE_LENGTH, blank=True, default="", db_default="")
    title_en = GuardedCharField(max_length=TITLE_LENGTH, blank=True, default="", db_default="")
    pillar = models.CharField(max_length=16, choices=Pillar.choices, blank=True)
    divergence_ms = GuardedTextField(blank=True)
    divergence_en = GuardedTextField(blank=True)
    answers: models.ManyToManyField[Item, ItemLink] = models.ManyToManyField(
        "self", through="ItemLink", symmetrical=False, related_name="answered"
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "kind", "number"], name="item_number_unique"),
            models.CheckConstraint(condition=Q(kind__in=ItemKind.values), name="item_kind_known"),
            models.CheckConstraint(condition=Q(pillar__in=[*Pillar.values, ""]), name="item_pillar_known"),
            models.CheckConstraint(
                condition=Q(title_ms="", title_en="") | (~Q(title_ms="") & ~Q(title_en="")),
                name="item_title_in_both_languages",
            ),
        ]
        triggers = [
            *no_delete("item"),
            *keep_past(
                "item",
                "recommendations_itemversion",
                "item_id",
                *("text_ms", "text_en", "pillar", "divergence_ms", "divergence_en", "title_ms", "title_en"),
            ),
        ]

    def __str__(self) -> str:
        return item_label(self.kind, self.number)

    @property
    def label_with_year(self) -> str:
        """The name of an item where items of several cycles are listed: Recommendation 4 · 2023."""
        return f"{self} · {self.cycle.year}"

    @property
    def heading(self) -> str:
        """The item's name with its short title: Recommendation 4: Protect …; the name alone where it has none."""
        return f"{self}: {self.short_title}" if self.short_title else str(self)

    @property
    def divergence(self) -> str:
        return in_reading_language(self, "divergence")


class ItemVersion(PastRow):
    """What an item's texts, short titles, pillar and divergence note were, and when. Written by the database alone."""

    item = models.ForeignKey(Item, on_delete=models.DO_NOTHING, related_name="versions")
    text_ms = GuardedTextField()
    text_en = GuardedTextField()
    title_ms = GuardedCharField(max_length=TITLE_LENGTH, blank=True, db_default="")
    title_en = GuardedCharField(max_length=TITLE_LENGTH, blank=True, db_default="")
    pillar = models.CharField(max_length=16, blank=True)
    divergence_ms = GuardedTextField(blank=True, db_default="")
    divergence_en = GuardedTextField(blank=True, db_default="")

    class Meta:
        constraints, indexes, triggers = kept_by("itemversion", "item")


class ItemLink(models.Model):
    """A weakness and a recommendation or achievement that answers it."""

    weakness = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="links_out")
    answer = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="links_in")

    web_grants: ClassVar[str] = "free"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["weakness", "answer"], name="item_link_unique")]
        triggers = keep_past("itemlink", "recommendations_itemlinkversion", "link_id", "weakness", "answer")

    def __str__(self) -> str:
        return f"{self.weakness} → {self.answer}"


class ItemLinkVersion(PastRow):
    """Which links stood, and when. Written by the database alone; `link_id` outlives the link."""

    link_id = models.BigIntegerField(db_index=True)
    weakness = models.ForeignKey(Item, on_delete=models.DO_NOTHING, related_name="+")
    answer = models.ForeignKey(Item, on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        constraints, indexes, triggers = kept_by("itemlinkversion", "link_id")
