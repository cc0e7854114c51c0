"""What was backed up and when; and whether mail may leave, which a restored database decides anew."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit import guards
from backups.states import BackupKind


class Backup(models.Model):
    """One backup that was tried, as the script that tried it noted it."""

    web_grants: ClassVar[str] = "append"

    kind = models.CharField(max_length=8, choices=BackupKind.choices)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    #: 0 where it is whole; otherwise what its program ended with.
    exit_code = models.PositiveSmallIntegerField()
    #: What this backup added to the store.
    added_bytes = models.PositiveBigIntegerField(_("size"), default=0)
    #: The name under which the store knows it; "" where there is none.
    label = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        indexes = [models.Index(fields=["kind", "-began_at"], name="backup_newest")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "began_at"], name="backup_noted_once"),
            models.CheckConstraint(condition=Q(kind__in=BackupKind.values), name="backup_kind_known"),
            models.CheckConstraint(
                condition=Q(ended_at__gte=F("began_at")), name="backup_ends_after_it_begins"
            ),
        ]
        triggers = [
            *guards.append_only("backup"),
            *guards.must_be_now("backup", "recorded_at"),
            # SQL that was smuggled in makes nobody believe in a backup.
            *guards.vouched("backup", "exit_code"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.began_at:%Y-%m-%d %H:%M}"

    @property
    def is_whole(self) -> bool:
        """Whether everything was backed up."""
        return self.exit_code == 0


class MailSwitch(models.Model):
    """That mail may leave, or may not, from an instant on. The newest row counts, and only for its own life of the database.

    A life is a server, by PostgreSQL's own identifier, and one of its timelines. Each restore, and each promotion of a
    replica, begins another: what was decided before, which came back with the data, does not count there.
    """

    web_grants: ClassVar[str] = "append"

    is_on = models.BooleanField()
    server = models.BigIntegerField()
    timeline = models.PositiveIntegerField()
    decided_at = models.DateTimeField()
    #: None where Jejak itself, or an operator by a command, decided.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("sending of e-mail")
        verbose_name_plural = _("sending of e-mail")
        triggers = [
            *guards.append_only("mailswitch"),
            *guards.must_be_now("mailswitch", "decided_at"),
            *guards.vouched("mailswitch", "is_on"),
            *guards.done_by("mailswitch", "decided_by"),
        ]

    def __str__(self) -> str:
        return f"{'on' if self.is_on else 'off'} {self.decided_at:%Y-%m-%d %H:%M}"
