"""Notices: something happened that concerns one person, such as a report that is ready."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from audit.guards import final_after, immutable, must_be_now, no_delete, refuse_update


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, user: User) -> NoticeQuerySet:
        """Return the user's own notices; nobody sees another person's, whatever their role."""
        return self.filter(user=user)

    def unread(self) -> NoticeQuerySet:
        """Return what the bell counts besides reminders."""
        return self.filter(read_at=None)


class Notice(models.Model):
    """Something that happened and concerns one person. There is nothing to do but to read it.

    `what` names the kind (`reminders.messages.notices`), `about` holds the values for its wording: plain texts and
    numbers, nothing classified. `path` is the page it leads to, from the root of the site. `mail_after`: from this
    instant (the machine's real clock) it also goes out by mail if it is still unread; empty: never. The same notice
    stands unread once.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    what = models.CharField(max_length=24)
    about = models.JSONField(default=dict)
    path = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    mail_after = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    delivery = models.ForeignKey(
        "reminders.Delivery", on_delete=models.PROTECT, null=True, related_name="notices"
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            # The bell counts from this index alone.
            models.UniqueConstraint(
                fields=["user", "what", "path", "about"],
                include=["id"],
                condition=Q(read_at=None),
                name="notice_unread_once",
            ),
            models.CheckConstraint(condition=Q(path__regex=r"^/([^/\\]|$)"), name="notice_leads_within"),
        ]
        indexes = [
            models.Index(fields=["user", "-made_at", "-id"], name="notice_of_person"),
            models.Index(
                fields=["mail_after", "id"],
                condition=Q(delivery=None, read_at=None, mail_after__isnull=False),
                name="notice_to_mail",
            ),
        ]
        triggers = [
            *no_delete("notice"),
            *must_be_now("notice", "made_at"),
            *immutable("notice", ["user", "what", "about", "path", "made_at", "mail_after"]),
            *final_after("notice_read", "read_at", []),
            # It may move to another mail when MAPO resends a failed one, but never out of all.
            refuse_update("notice_mailed", "OLD.delivery_id IS NOT NULL AND NEW.delivery_id IS NULL"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.user_id}"
