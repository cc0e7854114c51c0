"""Record what scripts of backups noted, at once instead of within five minutes."""

from typing import Any

from django.core.management.base import BaseCommand

from audit import clock
from backups.services.noting import notes_folder, take_notes


class Command(BaseCommand):
    """Take up the notes in `BACKUP_NOTES`, as the schedule does every five minutes."""

    help = "Records the backups of which scripts left a note in BACKUP_NOTES."

    def handle(self, *args: Any, **options: Any) -> None:
        taken = take_notes(notes_folder(), now=clock.now())
        self.stdout.write(f"{taken} backups were recorded.")
