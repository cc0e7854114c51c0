"""Reading the text of every file anew, after a better reader was installed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from evidence import services


class Command(BaseCommand):
    """Marks the text of every file as waiting; the worker does the reading, some files a minute."""

    help = "Has the worker read the text of every evidence file again. Until then a file is found by its name alone."

    def handle(self, *args: Any, **options: Any) -> None:
        count = services.read_texts_again()
        self.stdout.write(f"{count} files wait to be read; the worker reads about a hundred a minute.")
