"""Verify that all files are what they were when they arrived."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evidence.models import Document
from evidence.services.preservation import broken_documents


class Command(BaseCommand):
    """Read every stored file again and compare it with its row."""

    help = "Reads every evidence file again and names those whose bytes are missing or changed."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for document, reason in broken_documents():
            broken += 1
            self.stdout.write(f"document {document.pk}: {reason} ({document.stored_name})")
        total = Document.objects.with_kept_bytes().count()
        if broken:
            raise CommandError(
                f"{broken} of {total} files are missing or changed: restore them from a backup."
            )
        self.stdout.write(f"All {total} files are what they were when they arrived.")
