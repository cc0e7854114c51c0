"""Hides identities in texts that were sent with a reason before Jejak kept where they stand."""

from typing import Any

from django.core.management.base import BaseCommand

from audit import clock
from identities.earlier import hide_earlier_texts


class Command(BaseCommand):
    help = "Hide identities in texts that were sent with a reason before Jejak kept where they stand."

    def handle(self, **options: Any) -> None:
        hidden = hide_earlier_texts(now=clock.now())
        self.stdout.write(f"{hidden} texts")
