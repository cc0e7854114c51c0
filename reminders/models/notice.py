"""News for one person from a room above this one: a summary that is ready, a file that no longer matches."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from audit.guards import final_after, immutable, must_be_now, no_delete, refuse_update
from reminders.models.delivery import Delivery


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, user: User) -> NoticeQuerySet:
        """A person's own; nobody else's, whatever their role."""
        return self.filter(user=user)

    def unread(self) -> NoticeQuerySet:
        """What the bell counts beside reminders."""
        return self.filter(read_at=None)


class Notice(models.Model):
    """Something that happened and concerns one person. Nothing is owed of it: it is read, and then it is done.

    `what` names the words (`reminders.news`), `about` holds what is put into them: plain texts and numbers, never
    classified text. `path` is where it leads, from the root of the site. `mail_after`: when it also goes out by mail,
    if it is still unread then (the machine's real clock); empty where it never does. The same news stands unread once.
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
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, null=True, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            # The bell counts by its index alone.
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
            # It moves from mail to mail when MAPO sends again what failed, and never out of all.
            refuse_update("notice_mailed", "OLD.delivery_id IS NOT NULL AND NEW.delivery_id IS NULL"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.user_id}"
