"""Gives back the file of a cycle that was deleted, as the log keeps it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit.models import Event


class Command(BaseCommand):
    help = "Print the newest file of a deleted cycle, to be loaded again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "event", type=int, help="the number of the event that deleted the cycle, as in its address"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file to the standard output, or refuse when the event deleted no cycle."""
        event = Event.objects.filter(pk=options["event"], action="cycle.deleted").first()
        if event is None:
            raise CommandError(_("No cycle was deleted by this event."))
        self.stdout.write((event.before or {})["files"][-1]["contents"], ending="")
