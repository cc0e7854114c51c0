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
        parser.add_argument("--beside", metavar="NAME", help="print the file of this name that lay beside it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file to the standard output, or refuse when the event deleted no cycle."""
        event = Event.objects.filter(pk=options["event"], action="cycle.deleted").first()
        if event is None:
            raise CommandError(_("No cycle was deleted by this event."))
        newest = (event.before or {})["files"][-1]
        beside = newest.get("beside", {})
        if options["beside"] and options["beside"] not in beside:
            known = ", ".join(sorted(beside)) or "–"
            raise CommandError(_("No such file lay beside it; there were: %(names)s.") % {"names": known})
        self.stdout.write(beside[options["beside"]] if options["beside"] else newest["contents"], ending="")
