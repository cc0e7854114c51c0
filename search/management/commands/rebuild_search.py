"""Rebuilds the search index."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction


class Command(BaseCommand):
    """Rebuild the words of all texts, as the owner: needed after an upgrade of PostgreSQL that stems differently."""

    help = (
        "Makes the words of everything that can be searched anew. Run as the owner, after a new PostgreSQL."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT search_fill()")
        self.stdout.write("The words of all items, updates, comments and documents are made anew.")
