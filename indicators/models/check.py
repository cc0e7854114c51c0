"""Checks: what must agree with what, and MAPO's words where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CharField, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from audit.guarded_text import GuardedTextField
from audit.guards import append_only, done_by, final_after, immutable, must_be_now, no_delete
from audit.models import Event
from audit.services import audit_type_of
from indicators.models.source import Source
from indicators.states import CODE_LENGTH, CheckKind, PeriodKind, Side
from recommendations.models import Item
from recommendations.models.cycle import in_reading_language

if TYPE_CHECKING:
    from accounts.models import User


class CheckQuerySet(models.QuerySet["Check"]):
    def visible_to(self, user: User) -> CheckQuerySet:
        """Checks of what a source printed are open as it is."""
        return self.filter(source__in=Source.objects.visible_to(user))

    def with_source(self) -> CheckQuerySet:
        """Join the source with its cycle, without its bytes and text, and the item whose sentence is put to the test."""
        joined = self.select_related("source__cycle", "claim")
        return joined.defer("source__content", "source__text")


class Check(models.Model):
    """A rule that figures must meet, as a source's data file declares it: its left terms against its right ones.

    `note` says in both languages what is compared. `printed` is the printed change that a CHANGE must give. `claim` is the
    item of the report whose sentence a BOUND puts to the test ("more investigations").
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="checks")
    code = models.SlugField(max_length=CODE_LENGTH)
    kind = models.CharField(max_length=8, choices=CheckKind.choices)
    position = models.PositiveSmallIntegerField()
    note_ms = models.TextField()
    note_en = models.TextField()
    printed = models.ForeignKey(
        "PublishedCell", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    claim = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    web_grants: ClassVar[str] = "append"

    objects = CheckQuerySet.as_manager()

    class Meta:
        ordering = ["source", "position"]
        constraints = [
            models.UniqueConstraint(fields=["source", "code"], name="check_once"),
            models.CheckConstraint(condition=Q(kind__in=CheckKind.values), name="check_kind_known"),
            models.CheckConstraint(condition=~Q(note_ms="") & ~Q(note_en=""), name="check_with_note"),
            models.CheckConstraint(
                condition=Q(kind=CheckKind.CHANGE, printed__isnull=False)
                | (~Q(kind=CheckKind.CHANGE) & Q(printed=None)),
                name="check_of_change_prints",
            ),
        ]
        triggers = append_only("check")

    def __str__(self) -> str:
        return self.code

    @property
    def note(self) -> str:
        """What is compared, in the reader's language."""
        return in_reading_language(self, "note")


class CheckTerm(models.Model):
    """A figure on one side of a check: its series and its period, or (no kind of period) each period alike.

    A check whose terms name no period is judged for every period of which all its terms have a figure from one giver.
    """

    check_of = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="terms")
    side = models.CharField(max_length=5, choices=Side.choices)
    series = models.ForeignKey("Series", on_delete=models.PROTECT, related_name="+")
    period_kind = models.CharField(max_length=8, choices=PeriodKind.choices, blank=True)
    begins_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    web_grants: ClassVar[str] = "append"

    class Meta:
        ordering = ["check_of", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="check_term_side_known"),
            models.CheckConstraint(
                condition=Q(period_kind__in=["", PeriodKind.UNSTATED], begins_on=None, ends_on=None)
                | (~Q(period_kind__in=["", PeriodKind.UNSTATED]) & Q(begins_on__lte=F("ends_on"))),
                name="check_term_period_whole",
            ),
        ]
        triggers = append_only("checkterm")

    def __str__(self) -> str:
        return f"{self.check_of}: {self.series}"


class CheckExplanationQuerySet(models.QuerySet["CheckExplanation"]):
    def standing(self) -> CheckExplanationQuerySet:
        """Those that hold now."""
        return self.filter(ended_at=None)

    def with_giver(self) -> CheckExplanationQuerySet:
        """Add `given_by`: who gave it, by the name that they had then, which its first Event says."""
        about = Event.objects.filter(
            object_type=audit_type_of(CheckExplanation), object_id=Cast(OuterRef("pk"), CharField())
        )
        return self.annotate(given_by=Subquery(about.order_by("pk").values("actor_name")[:1]))


class CheckExplanation(models.Model):
    """MAPO's words on a check that fails or cannot be judged, for one period; they stand beside it until replaced.

    Where MAPO withdrew them, and put nothing in their place, `ended_reason` says why.
    A check of fixed terms has no period of its own: `begins_on` and `ends_on` are empty.
    """

    check_of = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="explanations")
    begins_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    text = GuardedTextField(_("explanation"))
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    explained_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = GuardedTextField(blank=True, default="", db_default="")

    web_grants: ClassVar[str] = "append"
    web_updates: ClassVar[tuple[str, ...]] = ("ended_by", "ended_at", "ended_reason")

    objects = CheckExplanationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["check_of", "begins_on", "ends_on"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="explanation_one_standing",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="explanation_has_text"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ended_reason="")
                | Q(ended_at__gte=F("explained_at"), ended_by__isnull=False),
                name="explanation_end_whole",
            ),
        ]
        triggers = [
            *no_delete("explanation"),
            *immutable(
                "explanation",
                ["check_of", "begins_on", "ends_on", "text", "explained_by", "explained_at"],
            ),
            *final_after("explanation", "ended_at", ["ended_by", "ended_reason"]),
            *must_be_now("explanation", "explained_at", "ended_at"),
            *done_by("explanation", "explained_by", "ended_by"),
        ]

    def __str__(self) -> str:
        return f"{self.check_of}: {self.explained_at:%Y-%m-%d}"
