"""Reviews: what MAPO decided on a submission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from audit.guarded_text import GuardedTextField
from audit.guards import INSERT, append_only, done_by, must_be_now, own, required
from evidence.models import is_above
from recommendations.states import Decision, ShowsStatus, Status, percent_agrees
from submissions.models import not_by_writer

if TYPE_CHECKING:
    from accounts.models import User
    from recommendations.models.update import SubmissionDocument


class ReviewQuerySet(models.QuerySet["Review"]):
    def accepted(self) -> ReviewQuerySet:
        return self.filter(decision=Decision.ACCEPT)

    def newest_first(self) -> ReviewQuerySet:
        return self.order_by("-decided_at", "-id")

    def last_return(self, assignment_id: int, *, before: int | None = None) -> Review | None:
        """Return MAPO's newest decision on an assignment where it returned the version; None where it accepted it.

        The next version is to answer it, in the same update or a new one. `before` is the id of a submission: only
        decisions on those sent earlier count. Corrections of verdicts and rows of opening imports do not.
        """
        decisions = self.filter(
            assignment_id=assignment_id, supersedes=None, submission__update__opening=None
        )
        if before is not None:
            decisions = decisions.filter(submission_id__lt=before)
        # Versions are decided in their order. The time of a decision is what the index knows. Asked of each return, of which
        # there are few: as a condition PostgreSQL would join all decisions.
        later = decisions.accepted().filter(
            decided_at__gte=OuterRef("decided_at"), submission_id__gt=OuterRef("submission_id")
        )
        returned = decisions.filter(decision=Decision.RETURN).annotate(is_overtaken=Exists(later))
        newest: Any = returned.newest_first().first()
        return None if newest is None or newest.is_overtaken else newest

    def with_narrative_for(self, user: User) -> ReviewQuerySet:
        """Accepted reviews whose narrative a person may read (docs/rules.md, Who sees what).

        Within their clearance, MAPO and observers: all. An agency: its own, and those on items where it
        holds an assignment in force; a suggestion or an ended assignment gives no reading.
        """
        accepted = self.accepted().within_clearance(user)
        if user.is_mapo or user.is_observer:
            return accepted
        assignments = apps.get_model("recommendations", "Assignment").objects
        shared = assignments.in_force().filter(item=OuterRef("item_id"), agency_id=user.agency_id)
        return accepted.filter(Q(assignment__agency_id=user.agency_id) | Exists(shared))

    def within_clearance(self, user: User) -> ReviewQuerySet:
        return self.filter(~Exists(_cited_above(user)), submission__classification__lte=user.clearance)

    def above_clearance(self, user: User) -> ReviewQuerySet:
        """Those that `within_clearance` leaves out."""
        return self.filter(Exists(_cited_above(user)) | Q(submission__classification__gt=user.clearance))

    def visible_to(self, user: User) -> ReviewQuerySet:
        """Reviews with their reasons and claims: the agency's own and MAPO, within their clearance."""
        if user.is_mapo:
            return self.within_clearance(user)
        if not user.is_agency_actor:
            return self.none()
        return self.filter(
            assignment__agency_id=user.agency_id, assignment__confirmed_at__isnull=False
        ).within_clearance(user)


def _cited_above(user: User) -> models.QuerySet[SubmissionDocument]:
    cited = apps.get_model("recommendations", "SubmissionDocument").objects
    return cited.filter(is_above(user.clearance, path="document__"), submission=OuterRef("submission_id"))


class Review(ShowsStatus, models.Model):
    """MAPO's decision on one submission: accept with its own verdict, or return with a reason.

    A wrong verdict is never edited: a new review supersedes it, with a reason. `item` and `assignment`
    repeat what the submission says, so that the newest verdict is one index look-up. The database sets `is_turn`:
    whether the verdict's status differs from the one before it, so that history is read from the turns alone.
    """

    submission = models.ForeignKey("Submission", on_delete=models.PROTECT, related_name="reviews")
    assignment = models.ForeignKey("Assignment", on_delete=models.PROTECT, related_name="reviews")
    item = models.ForeignKey("Item", on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=8, choices=Decision.choices)
    status = models.CharField(max_length=10, choices=Status.choices, blank=True)
    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = GuardedTextField(blank=True)
    resubmit_by = models.DateField(null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    is_turn = models.BooleanField(default=False, editable=False)

    web_grants: ClassVar[str] = "append"

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission"], condition=Q(supersedes=None), name="review_one_decision"
            ),
            models.CheckConstraint(
                condition=(Q(decision=Decision.ACCEPT, resubmit_by=None) & percent_agrees())
                | (
                    Q(
                        decision=Decision.RETURN,
                        status="",
                        percent=None,
                        supersedes=None,
                        resubmit_by__isnull=False,
                    )
                    & ~Q(reason="")
                ),
                name="review_whole",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(reason=""), name="review_supersedes_with_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["assignment", "-decided_at", "-id"],
                include=["status", "percent", "submission"],
                condition=Q(decision=Decision.ACCEPT),
                name="review_newest_verdict",
            ),
            models.Index(
                fields=["item", "-decided_at", "-id"],
                condition=Q(decision=Decision.ACCEPT),
                name="review_item_timeline",
            ),
            models.Index(
                fields=["item", "decided_at", "id"],
                include=["assignment", "status", "percent"],
                condition=Q(is_turn=True),
                name="review_turns",
            ),
            models.Index(
                fields=["assignment", "decided_at"],
                condition=Q(decision=Decision.RETURN),
                name="review_returns",
            ),
        ]
        triggers = [
            *append_only("review"),
            *must_be_now("review", "decided_at"),
            *done_by("review", "reviewer"),
            # After the guard, by the order of names. Two verdicts are never in another order than they were written.
            *own("review", "is_turn", INSERT),
            *not_by_writer(
                "review", "reviewer", "recommendations_updatewriter", "update", "NEW.submission.update"
            ),
            # What it repeats is what its submission says, and it corrects a verdict on the same one.
            *required(
                "review",
                "of_its_submission",
                "NEW.submission.update.assignment = NEW.assignment_id AND NEW.assignment.item = NEW.item_id"
                " AND (NEW.supersedes_id IS NULL OR NEW.supersedes.decision = NEW.decision"
                " AND NEW.supersedes.submission = NEW.submission_id)",
                INSERT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.get_decision_display()}"

    @property
    def is_accepted(self) -> bool:
        return self.decision == Decision.ACCEPT
