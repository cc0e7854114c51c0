"""Fills an empty database with the demonstration. Signs in as the owner (see manage.py)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit.errors import DomainError
from demo.seed import seed_demo


class Command(BaseCommand):
    help = "Fill an empty database with the demonstration: the cycle, people, and a sample history. Once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--people-file",
            type=Path,
            metavar="PATH",
            help="write the sign-ins here (mode 0600), not on the screen",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed once, showing progress; a second run says so and changes nothing."""
        people_file: Path | None = options["people_file"]
        shown = options["verbosity"] > 0
        try:
            sign_ins = seed_demo(people_file=people_file, tell=self._tell if shown else lambda _text: None)
        except DomainError as error:
            raise CommandError(str(error)) from error
        if sign_ins is None:
            self.stdout.write(_("The demonstration already exists: nothing was changed."))
        elif people_file is not None:
            self.stdout.write(_("The sign-ins are in %(path)s.") % {"path": people_file})
        else:
            self.stdout.write("".join(f"{each.role}\t{each.email}\t{each.password}\n" for each in sign_ins))

    def _tell(self, text: str) -> None:
        self.stdout.write(f"  {text} …")
        self.stdout.flush()
