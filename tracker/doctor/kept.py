"""Whether what must not be lost is kept elsewhere: backups, and the head of the audit trail."""

from django.conf import settings

from installation.conditions import BROKEN, LOOK, OK, UNSEEN, Condition, Said
from installation.parts.kept import read_anchors, read_backups

_DAY = 86_400


def _missing() -> Condition:
    return LOOK if settings.ENVIRONMENT == "production" else UNSEEN


def look_at_backups() -> Said:
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


def look_at_anchors() -> Said:
    """Say whether a place outside takes the head of the audit trail."""
    found = read_anchors()
    if not found.places:
        return (
            _missing(),
            "The head of the audit trail is kept nowhere outside: name a place (ANCHOR_… in .env.example).",
        )
    if found.age_seconds is None:
        return (
            LOOK,
            "No place outside has taken the head of the audit trail yet: look again tomorrow, it is handed over at night.",
        )
    days = found.age_seconds / _DAY
    if found.is_late:
        return (
            BROKEN,
            f"No place outside has taken the head of the audit trail for {days:.0f} days: read the worker's log of the night.",
        )
    return OK, f"A place outside took the head of the audit trail {days:.1f} days ago."
