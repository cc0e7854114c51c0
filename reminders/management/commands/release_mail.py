"""Release mail that is held back after a restore or a promotion, as an operator; administrators do it on its page."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import clock
from audit.errors import NotNow
from reminders.services.held_mail import release


class Command(BaseCommand):
    help = (
        "Lets reminders and notices leave as mail again, with those that waited or (--give-up) without them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--give-up",
            action="store_true",
            help="do not send the mails that wait: they were sent before the restore",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Release, and record that it was a command. Raises CommandError where nothing is held."""
        try:
            given_up = release(actor=None, give_up=options["give_up"], now=clock.now())
        except NotNow as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"Mail leaves again; given up of those that waited: {given_up.deliveries} reminders and notices, "
            f"{given_up.about_signing_in} mails about signing in."
        )
