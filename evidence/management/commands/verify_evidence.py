"""Are all files what they were when they arrived?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evidence import services
from evidence.models import Document


class Command(BaseCommand):
    """Reads every kept file again and compares it with its row."""

    help = "Reads every evidence file again and names those whose bytes are missing or changed."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for document, reason in services.broken_documents():
            broken += 1
            self.stdout.write(f"document {document.pk}: {reason} ({document.stored_name})")
        total = Document.objects.with_kept_bytes().count()
        if broken:
            raise CommandError(
                f"{broken} of {total} files are missing or changed: restore them from a backup."
            )
        self.stdout.write(f"All {total} files are what they were when they arrived.")
