"""Actions: the dated steps that an agency plans, that a decision of the council asks for, or that MAPO plans itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.guarded_text import GuardedCharField, GuardedTextField
from audit.guards import INSERT, immutable, no_delete, required
from audit.past import PastRow, keep_past, kept_by
from recommendations.states import Stage

if TYPE_CHECKING:
    from accounts.models import User


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, user: User) -> ActionQuerySet:
        """Its agency and MAPO; MAPO's own steps are MAPO's alone, and a suggested assignment has none."""
        if user.is_mapo:
            return self
        if not user.is_agency_actor:
            return self.none()
        told = Q(assignment=None) | Q(assignment__confirmed_at__isnull=False)
        return self.filter(told, agency_id=user.agency_id, is_mapo=False)

    def worked_on_by(self, user: User) -> ActionQuerySet:
        """The database's form of `may_work_on_step`, without the state of the assignment: what a person may finish."""
        return self.visible_to(user).filter(is_mapo=user.is_mapo)

    def changed_by(self, user: User) -> ActionQuerySet:
        """The database's form of `may_change_step`: its agency's people, and MAPO what it or the council planned."""
        seen = self.visible_to(user)
        return seen.filter(Q(is_mapo=True) | Q(is_decision=True)) if user.is_mapo else seen

    def cancelled_by(self, user: User) -> ActionQuerySet:
        """The database's form of `may_cancel_step`: as `changed_by`, but a decision is MAPO's to take back."""
        changed = self.changed_by(user)
        return changed if user.is_mapo else changed.filter(is_decision=False)

    def planned(self) -> ActionQuerySet:
        """Neither done nor cancelled, soonest first."""
        return self.filter(done_on=None, cancelled_at=None).order_by("due_on", "pk")

    def left_by(self, person: User) -> ActionQuerySet:
        """Planned steps that the person owns, of their agency or of MAPO, and that can be handed over now."""
        can_change = Q(is_decision=True) | Q(is_mapo=True) | Q(assignment__stage=Stage.CONFIRMED)
        own = Q(is_mapo=True) if person.is_mapo else Q(is_mapo=False, agency_id=person.agency_id)
        return self.planned().filter(can_change, own, owner=person, item__cycle__closed_at=None)


class Action(models.Model):
    """A dated step on an item. Its owner is a person of its agency, or of MAPO for a step of MAPO itself.

    `assignment` is empty for a step of MAPO (`is_mapo`; `agency` is then that of who planned it), and for a decision
    of the council (`is_decision`) that names an agency without an assignment in force of the item. Without an owner,
    the agency's coordinators own it, or all of MAPO.
    """

    item = models.ForeignKey("Item", on_delete=models.PROTECT, related_name="actions")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="actions")
    assignment = models.ForeignKey(
        "Assignment", on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    is_mapo = models.BooleanField(default=False)
    is_decision = models.BooleanField(default=False)
    text = GuardedCharField(_("step"), max_length=500)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(_("due date"))
    done_on = models.DateField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = GuardedTextField(blank=True)
    #: Why it was changed last, where a reason was given.
    changed_reason = GuardedTextField(blank=True, default="")
    #: The later day that the agency asks of MAPO for a decision's step, and why; empty once MAPO has answered.
    proposed_on = models.DateField(_("proposed date"), null=True, blank=True)
    proposed_reason = GuardedTextField(blank=True, default="")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None) | Q(cancelled_at=None), name="action_done_or_cancelled"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | ~Q(cancelled_reason=""), name="action_cancelled_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(assignment__isnull=False, is_mapo=False)
                | Q(assignment=None, is_mapo=True)
                | Q(assignment=None, is_decision=True),
                name="action_under_assignment",
            ),
            models.CheckConstraint(
                condition=Q(proposed_on=None, proposed_reason="")
                | Q(proposed_on__isnull=False, is_decision=True, is_mapo=False) & ~Q(proposed_reason=""),
                name="action_proposed_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["assignment", "due_on"], name="action_by_assignment"),
            models.Index(
                fields=["due_on"],
                condition=(Q(is_mapo=True) | Q(is_decision=True)) & Q(done_on=None, cancelled_at=None),
                name="action_of_mapo_or_council",
            ),
        ]
        triggers = [
            *no_delete("action"),
            *immutable(
                "action",
                ["item", "agency", "assignment", "is_mapo", "is_decision", "created_by", "created_at"],
            ),
            *required(
                "action",
                "fits_assignment",
                "NEW.assignment_id IS NULL OR"
                " (NEW.assignment.item, NEW.assignment.agency) = (NEW.item_id, NEW.agency_id)",
                INSERT,
            ),
            *keep_past(
                "action",
                "recommendations_actionversion",
                "action_id",
                *("text", "owner", "due_on", "done_on", "cancelled_at", "cancelled_reason", "changed_reason"),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_planned(self) -> bool:
        return self.done_on is None and self.cancelled_at is None


class ActionVersion(PastRow):
    """What a step was, and when: what as-at answers read. Written by the database alone."""

    action = models.ForeignKey(Action, on_delete=models.DO_NOTHING, related_name="versions")
    text = GuardedCharField(max_length=500)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_reason = GuardedTextField()
    changed_reason = GuardedTextField()

    class Meta:
        constraints, indexes, triggers = kept_by("actionversion", "action")
