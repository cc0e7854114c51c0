"""Hold mail back: before the worker starts on a machine that was put back to an earlier snapshot."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from audit import clock
from backups.services.mail_switch import hold_mail


class Command(BaseCommand):
    help = "Holds reminders and notices back until somebody releases them, as a restore does by itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reason", required=True, help="why; the audit trail keeps it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Hold mail back; says so where it was held already."""
        done = hold_mail(reason=options["reason"], now=clock.now())
        self.stdout.write("Mail is held back." if done else "Mail was held back already.")
