"""Write the whole log in the form that its chain covers, for whoever is to check it without Jejak."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit.verification import canonical_events


class Command(BaseCommand):
    """Write one line of JSON for each event, in the order of the chain: line 7 is position 7 (`docs/anchors.py` reads it)."""

    help = "Write the audit log in the order of its chain, for checking it without Jejak (docs/anchors.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write; it must not be there yet")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        count = 0
        try:
            with open(file, "x", encoding="utf-8", newline="\n", opener=_for_its_owner) as target:
                for line in canonical_events():
                    target.write(f"{line}\n")
                    count += 1
        except FileExistsError as error:
            raise CommandError(_("%(file)s is there already: name another file.") % {"file": file}) from error
        except ValueError as error:
            raise CommandError(str(error), returncode=1) from error
        self.stdout.write(_("%(count)s events written to %(file)s.") % {"count": f"{count:,}", "file": file})


def _for_its_owner(path: str, flags: int) -> int:
    """Open a file that nobody else may read: the log names people and their addresses."""
    return os.open(path, flags, 0o600)
