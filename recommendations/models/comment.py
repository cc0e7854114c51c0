"""Comments: what MAPO and an agency say to each other about an assignment."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.clearance import Clearance
from audit.guarded_text import GuardedTextField
from audit.guards import append_only, done_by, final_after, immutable, must_be_now, no_delete
from recommendations.states import REASON_LENGTH

if TYPE_CHECKING:
    from accounts.models import User


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, user: User) -> CommentQuerySet:
        """For its agency and MAPO alone, within their clearance (docs/rules.md, Who sees what)."""
        if user.is_mapo:
            seen = self.all()
        elif user.is_agency_actor:
            seen = self.filter(assignment__agency_id=user.agency_id, assignment__confirmed_at__isnull=False)
        else:
            return self.none()
        return seen.filter(classification__lte=user.clearance)


class Comment(models.Model):
    """One remark on an assignment. It stays as it was written; to correct it, write another."""

    assignment = models.ForeignKey("Assignment", on_delete=models.PROTECT, related_name="comments")
    text = GuardedTextField(_("comment"), max_length=REASON_LENGTH)
    classification = models.PositiveSmallIntegerField(choices=Clearance.choices, default=Clearance.RESTRICTED)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    mentioned: models.ManyToManyField[User, CommentMention] = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="CommentMention", related_name="+"
    )

    web_grants: ClassVar[str] = "append"

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="comment_has_text"),
            models.CheckConstraint(
                condition=Q(classification__in=Clearance.values), name="comment_class_known"
            ),
        ]
        indexes = [models.Index(fields=["assignment", "written_at", "id"], name="comment_by_assignment")]
        triggers = [
            *append_only("comment"),
            *must_be_now("comment", "written_at"),
            *done_by("comment", "author"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} · {self.pk}"


class CommentMention(models.Model):
    """A person whom a comment asks to look; `seen_at` is when they said that they had."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentions")
    seen_at = models.DateTimeField(null=True, blank=True)

    web_grants: ClassVar[str] = "append"
    web_updates: ClassVar[tuple[str, ...]] = ("seen_at",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="comment_mention_once")]
        indexes = [
            models.Index(fields=["user", "id"], condition=Q(seen_at=None), name="comment_mention_unseen")
        ]
        triggers = [
            *no_delete("commentmention"),
            *immutable("commentmention", ["comment", "user"]),
            *final_after("commentmention", "seen_at", []),
            *must_be_now("commentmention", "seen_at"),
        ]

    def __str__(self) -> str:
        return f"{self.comment} @ {self.user}"
