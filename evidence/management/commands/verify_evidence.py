"""Verify that all files are what they were when they arrived."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import clock
from evidence.models import Document
from evidence.services.file_checks import read_all


class Command(BaseCommand):
    """Read every stored file again, compare it with its row, and keep the result, as each night does with a share."""

    help = (
        "Reads every evidence file again and names those whose bytes differ, are missing or cannot be read."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for document, harm in read_all(read_clock=clock.now):
            broken += 1
            self.stdout.write(f"document {document.pk}: {harm.value} ({document.stored_name})")
        total = Document.objects.with_kept_bytes().count()
        if broken:
            raise CommandError(
                f"{broken} of {total} files are not what they were: restore them from a backup."
            )
        self.stdout.write(f"All {total} files are what they were when they arrived.")
