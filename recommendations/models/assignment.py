"""Assignments: which agency answers for which item, until when, and what it asks of MAPO."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.guarded_text import GuardedTextField
from audit.guards import INSERT, done_by, final_after, immutable, must_be_now, no_delete, own
from audit.past import PastRow, keep_past, kept_by
from recommendations.states import AssignmentRole, Stage, Status
from submissions.states import OPEN_STATES

if TYPE_CHECKING:
    from accounts.models import User
    from recommendations.models.cycle import Cycle
    from recommendations.models.update import Update


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: User) -> AssignmentQuerySet:
        """MAPO sees all; everybody else what MAPO has confirmed, and what has ended since."""
        return self if user.is_mapo else self.once_confirmed()

    def once_confirmed(self) -> AssignmentQuerySet:
        """In force, or ended after it was: what an agency may know of. Suggestions are MAPO's alone."""
        return self.filter(confirmed_at__isnull=False)

    def in_force(self) -> AssignmentQuerySet:
        """Confirmed and not ended: these owe updates and enter the roll-up."""
        return self.filter(stage=Stage.CONFIRMED)

    def answered_by(self, user: User) -> AssignmentQuerySet:
        """Assignments in force that the person's own agency answers for; none for those who do not report."""
        if not user.is_agency_actor:
            return self.none()
        return self.in_force().filter(agency_id=user.agency_id)

    def in_open_cycles(self) -> AssignmentQuerySet:
        return self.filter(item__cycle__closed_at=None)

    def overdue(self, today: date) -> AssignmentQuerySet:
        """The database's form of `deadlines.is_overdue`, for assignments in force."""
        return self.in_force().filter(outcome__waiting=None, next_due_on__lt=today)


class Assignment(models.Model):
    """An agency answers for an item. Its state follows from accepted updates alone and is not stored here."""

    item = models.ForeignKey("Item", on_delete=models.PROTECT, related_name="assignments")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=8, choices=AssignmentRole.choices)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.SUGGESTED)
    due_on = models.DateField(_("final due date"), null=True, blank=True)
    cadence_days = models.PositiveSmallIntegerField(_("days between updates"), null=True, blank=True)
    next_due_on = models.DateField(_("next update due"), null=True, blank=True)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_reason = GuardedTextField(blank=True)
    officers: models.ManyToManyField[User, AssignmentOfficer] = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="AssignmentOfficer", related_name="assignments"
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "agency"], condition=~Q(stage=Stage.ENDED), name="assignment_agency_once"
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(stage=Stage.CONFIRMED, role=AssignmentRole.LEAD),
                name="assignment_one_lead",
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(stage=Stage.SUGGESTED, role=AssignmentRole.LEAD),
                name="assignment_one_suggested_lead",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.CONFIRMED) | Q(confirmed_at__isnull=False),
                name="assignment_confirmed_when",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.ENDED, confirmed_at__isnull=False) | ~Q(ended_reason=""),
                name="assignment_ended_with_reason",
            ),
            models.CheckConstraint(condition=Q(role__in=AssignmentRole.values), name="assignment_role_known"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="assignment_stage_known"),
            models.CheckConstraint(
                condition=Q(cadence_days=None) | Q(cadence_days__gte=1), name="assignment_cadence_positive"
            ),
        ]
        triggers = [
            *no_delete("assignment"),
            *immutable("assignment", ["item", "agency", "created_at"]),
            *final_after("assignment", "confirmed_at", []),
            *keep_past(
                "assignment",
                "recommendations_assignmentversion",
                "assignment_id",
                *("item", "agency", "role", "stage", "due_on", "cadence_days", "next_due_on"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} · {self.agency.code}"

    @property
    def is_confirmed(self) -> bool:
        return self.stage == Stage.CONFIRMED

    @property
    def is_lead(self) -> bool:
        return self.role == AssignmentRole.LEAD

    @property
    def cycle(self) -> Cycle:
        return self.item.cycle

    @property
    def open_update(self) -> Update | None:
        """The one update that is draft, submitted or returned, if any."""
        return self.updates.filter(state__in=OPEN_STATES).first()

    @property
    def is_completed(self) -> bool:
        """Whether MAPO's newest verdict on it is "completed", asked anew (one query)."""
        return Assignment.objects.filter(pk=self.pk, outcome__status=Status.DONE).exists()

    @property
    def is_settled(self) -> bool:
        """Whether it is in force and owes no update: completed, and MAPO has not asked for one."""
        return self.is_confirmed and self.next_due_on is None and self.is_completed

    def next_due_after(self, today: date) -> date | None:
        """When the next update is owed if the last was settled on `today`."""
        return self.cycle.next_due_after(today, cadence_days=self.cadence_days)


class AssignmentVersion(PastRow):
    """What an assignment was, and when: what as-at answers read. Written by the database alone.

    `is_turn` says whether role or stage differ from the version before: only those change an item's state.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.DO_NOTHING, related_name="versions")
    item = models.ForeignKey("Item", on_delete=models.DO_NOTHING, related_name="+")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.DO_NOTHING, related_name="+")
    role = models.CharField(max_length=8)
    stage = models.CharField(max_length=10)
    due_on = models.DateField(null=True)
    cadence_days = models.PositiveSmallIntegerField(null=True)
    next_due_on = models.DateField(null=True)
    is_turn = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        constraints, indexes, triggers = kept_by(
            "assignmentversion", "assignment", include=["ended_at", "role", "stage", "due_on", "next_due_on"]
        )
        indexes += [
            models.Index(
                fields=["item", "began_at", "id"],
                include=["assignment", "role", "stage"],
                condition=Q(is_turn=True),
                name="assignmentversion_turns",
            )
        ]
        triggers += own("assignmentversion", "is_turn", INSERT)

    @property
    def role_label(self) -> str:
        return str(AssignmentRole(self.role).label)

    @property
    def stage_label(self) -> str:
        return str(Stage(self.stage).label)


class AssignmentOfficer(models.Model):
    """A person who is named as answering for an assignment of their agency."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="officer_links")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    web_grants: ClassVar[str] = "free"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "user"], name="assignment_officer_once")]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.user}"


class RequestKind(models.TextChoices):
    """What an agency asks of MAPO about an assignment."""

    DECLINE = "decline", pgettext_lazy("request", "Decline the assignment")
    LATER = "later", pgettext_lazy("request", "Ask for a later date")


class RequestAnswer(models.TextChoices):
    """How a request ended: MAPO answered it, or its agency withdrew it before."""

    GRANTED = "granted", pgettext_lazy("request", "Granted")
    REFUSED = "refused", pgettext_lazy("request", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Withdrawn by the agency")


class AssignmentRequestQuerySet(models.QuerySet["AssignmentRequest"]):
    def unanswered(self) -> AssignmentRequestQuerySet:
        """Those that wait for MAPO: nobody answers a request about an assignment that has ended since."""
        return self.filter(answer="").exclude(assignment__stage=Stage.ENDED)

    def visible_to(self, user: User) -> AssignmentRequestQuerySet:
        """MAPO and the agency that asked."""
        if user.is_mapo:
            return self
        return self.filter(assignment__agency_id=user.agency_id) if user.is_agency_actor else self.none()


class AssignmentRequest(models.Model):
    """An agency declines an assignment or asks for a later date, with a reason; MAPO answers once.

    Until then the agency may withdraw it: `answered_by` is then the officer who did.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=8, choices=RequestKind.choices)
    reason = GuardedTextField(_("reason"))
    proposed_on = models.DateField(_("proposed date"), null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=RequestAnswer.choices, blank=True)
    answer_reason = GuardedTextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    objects = AssignmentRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(answer=""), name="request_one_unanswered"
            ),
            models.CheckConstraint(condition=Q(kind__in=RequestKind.values), name="request_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind=RequestKind.LATER) | Q(proposed_on__isnull=False),
                name="request_later_has_date",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | Q(answer__in=RequestAnswer.values, answered_at__isnull=False, answered_by__isnull=False),
                name="request_answer_whole",
            ),
            models.CheckConstraint(
                condition=~Q(answer=RequestAnswer.REFUSED) | ~Q(answer_reason=""),
                name="request_refused_with_reason",
            ),
        ]
        triggers = [
            *no_delete("assignmentrequest"),
            *must_be_now("assignmentrequest", "asked_at", "answered_at"),
            *done_by("assignmentrequest", "asked_by", "answered_by"),
            *immutable(
                "assignmentrequest", ["assignment", "kind", "reason", "proposed_on", "asked_by", "asked_at"]
            ),
            *final_after("assignmentrequest", "answered_at", ["answer", "answer_reason", "answered_by"]),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.get_kind_display()}"
