"""Labels for the audit trail: backups that were made, failed or are missing, and mail that is held back."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backups.states import BackupKind, Trouble

ACTIONS: dict[str, str | Promise] = {
    "backup.made": _("Backup made"),
    "backup.failed": _("Backup failed"),
    "backup.missed": _("Backups found missing or failed"),
    "mail.held": _("E-mail held back"),
    "mail.released": _("E-mail released"),
}
OBJECTS: dict[str, str | Promise] = {
    "backups.Backup": _("Backup"),
    "backups.MailSwitch": _("Sending of e-mail"),
}
FIELDS: dict[str, str | Promise] = {
    BackupKind.DATABASE.value: _("Database"),
    BackupKind.FILES.value: _("Files"),
    "archiving": _("log of the database's changes"),
    "not_backed_up": _("files in no backup"),
    "exit_code": _("exit code"),
    "not_sent": _("e-mails given up"),
}


def trouble_words(value: str) -> str:
    """Return the words for a `Trouble`, or the value itself where it is none."""
    return str(Trouble(value).label) if value in Trouble.values else value
