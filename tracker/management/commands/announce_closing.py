"""Announce on every page that the site will be closed for maintenance, or withdraw that."""

from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker.maintenance import Closing, announce, withdraw

#: A longer one is a slip of the pen.
LONGEST = timedelta(days=2)


class Command(BaseCommand):
    help = 'Announce when the site will be closed: announce_closing "2026-11-30 18:00" "2026-11-30 18:30".'

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("begins", nargs="?", help="day and hour, in the installation's time")
        parser.add_argument("ends", nargs="?", help="day and hour")
        parser.add_argument("--withdraw", action="store_true", help="announce nothing any more")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the announcement, or remove it."""
        if options["withdraw"]:
            withdraw()
            self.stdout.write("Nothing is announced any more.")
            return
        closing = Closing(_moment(options["begins"]), _moment(options["ends"]))
        if not timedelta() < closing.ends - closing.begins <= LONGEST:
            raise CommandError("The end must come after the beginning, within two days.")
        announce(closing)
        self.stdout.write(closing.told())


def _moment(text: str | None) -> datetime:
    """Return the moment that was typed. Raises CommandError."""
    try:
        naive = datetime.strptime(text or "", "%Y-%m-%d %H:%M")  # noqa: DTZ007 - given its zone below
        return naive.replace(tzinfo=timezone.get_default_timezone())
    except ValueError as error:
        raise CommandError('Write both as "YYYY-MM-DD HH:MM", or --withdraw.') from error
