"""The points of a meeting's agenda: what the secretary adds to what Jejak gathers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.clearance import Clearance
from audit.guarded_text import GuardedCharField, GuardedTextField
from audit.guards import WRITE, immutable, must_be_now, no_delete, parent_in
from meetings.states import PREPARED_STATES, TITLE_LENGTH, PointKind

if TYPE_CHECKING:
    from accounts.models import User


class AgendaPointQuerySet(models.QuerySet["AgendaPoint"]):
    def visible_to(self, user: User) -> AgendaPointQuerySet:
        """An agenda is MAPO's alone; what is classified above a reader's clearance is not theirs to read."""
        return self.filter(classification__lte=user.clearance) if user.is_mapo else self.none()


class AgendaPoint(models.Model):
    """One point of an agenda: its place, the secretary's text, and which gathered rows are left out.

    What a point of a gathered kind shows is read from the core (`meetings.queries.agenda`). `revision` counts the
    times that it was saved, so that nobody overwrites what they have not seen.
    """

    meeting = models.ForeignKey("Meeting", on_delete=models.PROTECT, related_name="points")
    kind = models.CharField(max_length=12, choices=PointKind.choices)
    position = models.PositiveSmallIntegerField()
    title = GuardedCharField(_("title"), max_length=TITLE_LENGTH, blank=True)
    text = GuardedTextField(_("text"), blank=True)
    classification = models.PositiveSmallIntegerField(
        _("classification"), choices=Clearance.choices, default=Clearance.RESTRICTED
    )
    is_left_out = models.BooleanField(default=False)
    left_out = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    objects = AgendaPointQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"],
                name="agenda_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["meeting", "kind"], condition=~Q(kind=PointKind.OWN), name="agenda_kind_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=PointKind.values), name="agenda_kind_known"),
            models.CheckConstraint(
                condition=Q(classification__in=Clearance.values), name="agenda_class_known"
            ),
            models.CheckConstraint(
                condition=(Q(kind=PointKind.OWN) & ~Q(title="")) | (~Q(kind=PointKind.OWN) & Q(title="")),
                name="agenda_own_titled",
            ),
        ]
        triggers = [
            *no_delete("agendapoint"),
            *immutable("agendapoint", ["meeting", "kind"]),
            *must_be_now("agendapoint", "saved_at"),
            # Once the meeting was held, its agenda stays as it was.
            *parent_in("agendapoint", "before_the_meeting", "meeting", PREPARED_STATES, WRITE),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def is_own(self) -> bool:
        return self.kind == PointKind.OWN

    @property
    def heading(self) -> str:
        """Its own title, or what it gathers in the reader's language."""
        return self.title or str(PointKind(self.kind).label)
