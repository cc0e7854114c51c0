"""What is backed up, and what may be the matter with it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy


class BackupKind(models.TextChoices):
    """What a backup holds: the database, or the stored files (evidence and papers)."""

    DATABASE = "database", pgettext_lazy("backup", "Database")
    FILES = "files", pgettext_lazy("backup", "Files")

    @property
    def within(self) -> timedelta:
        """How old the newest whole backup may be; zero where none is expected here."""
        hours = settings.BACKUP_DATABASE_HOURS if self == BackupKind.DATABASE else settings.BACKUP_FILES_HOURS
        return timedelta(hours=hours)


class Trouble(models.TextChoices):
    """What is the matter with the backups of one kind, or with the archive of the database's changes."""

    FAILED = "failed", pgettext_lazy("backup", "Failed")
    LATE = "late", pgettext_lazy("backup", "Older than its schedule allows")
    NEVER = "never", pgettext_lazy("backup", "Never made")
