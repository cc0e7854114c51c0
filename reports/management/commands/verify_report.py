"""Says of a file whether Jejak made it, and whether the same selection and day have the same content today."""

import hashlib
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit import clock
from reports.queries.verification_page import DescribedResult, StatedFact, describe
from reports.services.verification import verify_file
from reports.states import VerificationOutcome

#: Exit codes; 3 where the file could not be read.
_CODES = {
    VerificationOutcome.SAME: 0,
    VerificationOutcome.UNKNOWN: 1,
    VerificationOutcome.DIFFERS: 2,
    VerificationOutcome.MADE: 4,
}
_UNREADABLE = 3


class Command(BaseCommand):
    help = (
        "Say whether Jejak made FILE. Exit codes: 0 made and still the same, 1 not known, 2 made but the answer differs, "
        "3 not readable, 4 made in another form of rows, so that answers cannot be compared."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a summary or an evidence pack")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Print what the page says, in the language of the installation."""
        result = verify_file(_sha256_of(file), now=clock.now())
        for line in _lines(describe(result)):
            self.stdout.write(line)
        if code := _CODES[result.outcome]:
            sys.exit(code)


def _sha256_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        words = _("%(file)s could not be read: %(reason)s") % {"file": path, "reason": error.strerror}
        raise CommandError(words, returncode=_UNREADABLE) from error


def _lines(described: DescribedResult) -> list[str]:
    reasons = [f"  - {reason}" for reason in described.reasons]
    facts = [
        f"  {fact.label}: {fact.text}" for fact in (*described.facts, StatedFact("SHA-256", described.sha256))
    ]
    return [described.headline, *described.sentences, *reasons, "", *facts]
