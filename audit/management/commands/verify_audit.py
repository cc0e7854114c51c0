"""Checks the audit log from its first row to its last."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.verification import Head, verify


class Command(BaseCommand):
    """Prints the head (POSITION:HASH) to be kept elsewhere; a bad row is named and ends with exit code 1."""

    help = "Recompute the chain of the audit log, name the first bad row, and print the head."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            type=_head,
            metavar="POSITION:HASH",
            help="a head that an earlier run printed, kept elsewhere; shows whether the tail was cut off",
        )

    def handle(self, *args: Any, head: Head | None = None, **options: Any) -> None:
        verdict = verify(kept_head=head)
        if verdict.fault is not None:
            raise CommandError(f"{verdict.fault.message}\nGood up to: {verdict.head}", returncode=1)
        self.stdout.write(f"The audit log is whole: {verdict.head.position} events.")
        self.stdout.write(f"Head: {verdict.head}")


def _head(text: str) -> Head:
    try:
        return Head.parse(text)
    except ValueError as error:
        raise ArgumentTypeError("write it as POSITION:HASH, as an earlier run printed it") from error
