"""Whether what must not be lost is kept elsewhere: backups."""

from django.conf import settings

from installation.conditions import BROKEN, LOOK, OK, UNSEEN, Condition, ConditionReport
from installation.parts.backups_and_anchors import read_backups


def _missing() -> Condition:
    return LOOK if settings.ENVIRONMENT == "production" else UNSEEN


def look_at_backups() -> ConditionReport:
    """Say whether backups are made as often as the settings say."""
    found = read_backups()
    if troubles := [f"{name} {trouble.value}" for name, trouble in found.troubles()]:
        return (
            BROKEN,
            f"Backups are not as they should be ({', '.join(troubles)}): run them by hand and read what they say.",
        )
    if not (found.database.is_expected or found.files.is_expected):
        return (
            _missing(),
            "No backup is expected here (BACKUP_DATABASE_HOURS, BACKUP_FILES_HOURS): write how old one may be.",
        )
    if found.database.newest is None and found.files.newest is None:
        return UNSEEN, "No backup has been made yet: look again once its schedule has had its turn."
    return OK, "Backups are made as often as the settings say."
