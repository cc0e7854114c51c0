"""Extract the text of every file again, after a better reader was installed."""

from typing import Any

from django.core.management.base import BaseCommand

from evidence.services.texts import read_texts_again


class Command(BaseCommand):
    """Mark the text of every file as waiting; the worker extracts some files a minute."""

    help = "Has the worker read the text of every evidence file again. Until then a file is found by its name alone."

    def handle(self, *args: Any, **options: Any) -> None:
        count = read_texts_again()
        self.stdout.write(f"{count} files wait to be read; the worker reads about a hundred a minute.")
