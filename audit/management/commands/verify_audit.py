"""Verify the audit log from its first row to its last."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit.verification import ChainHead, verify


class Command(BaseCommand):
    """Print the head (POSITION:HASH) to be kept elsewhere; name the first bad row and exit with code 1.

    It speaks the language of the installation (`LANGUAGE_CODE`), like the pages.
    """

    help = "Recompute the chain of the audit log, name the first bad row, and print the head."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            type=_head,
            metavar="POSITION:HASH",
            help="a head that an earlier run printed, kept elsewhere; shows whether the tail was cut off",
        )

    def handle(self, *args: Any, head: ChainHead | None = None, **options: Any) -> None:
        check = verify(kept_head=head)
        if check.fault is not None:
            good = _("Good up to: %(head)s") % {"head": check.head}
            raise CommandError(f"{check.fault.message}\n{good}", returncode=1)
        self.stdout.write(
            _("The audit log is whole: %(count)s events.") % {"count": f"{check.head.position:,}"}
        )
        self.stdout.write(_("Head: %(head)s") % {"head": check.head})


def _head(text: str) -> ChainHead:
    """Parse the command's option; raises ArgumentTypeError for anything but POSITION:HASH."""
    try:
        return ChainHead.parse(text)
    except ValueError as error:
        raise ArgumentTypeError("write it as POSITION:HASH, as an earlier run printed it") from error
