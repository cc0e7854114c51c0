"""Print the public key with which this installation signs what it hands outside."""

from typing import Any

from django.core.management.base import BaseCommand

from audit.anchors.lines import our_keys


class Command(BaseCommand):
    """Print the key of `SECRET_KEY`, then those of the secrets before it that are still known (docs/anchors.md)."""

    help = "Print the public key of anchors, for readers and auditors to keep on paper (docs/anchors.md)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for key in our_keys():
            self.stdout.write(key)
