"""Loads yearly reports from cycle files. It does not touch what people changed."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit import clock
from audit.errors import DomainError
from cycles.file import BadCycleFile, CycleFile, kept_cycle_files, read_cycle_file
from cycles.file.load import LoadReport, load_cycles


class Command(BaseCommand):
    help = "Load yearly reports from cycle files (default: all that the project keeps). Adds what is missing only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a cycle file")
        parser.add_argument(
            "--although-alike",
            action="store_true",
            help="load a file although another cycle has its window or most of its texts",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all files in one transaction, or refuse with `file:line: reason` for every problem found."""
        if settings.DEMO and not clock.is_demo():
            self._leave_to_seed_demo(options["files"])
            return
        cycle_files = _read_all(options["files"] or kept_cycle_files())
        try:
            reports = load_cycles(cycle_files, is_confirmed=options["although_alike"], now=clock.now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            for report in reports:
                for line in report_lines(report):
                    self.stdout.write(line)

    def _leave_to_seed_demo(self, files: list[Path]) -> None:
        """Load nothing: a demonstration's past is written into an empty database, and seed_demo loads the cycle. With files, refuse."""
        words = _(
            "This demonstration has not begun: “manage.py seed_demo” loads the cycle. Nothing was loaded."
        )
        if files:
            raise CommandError(words)
        self.stdout.write(words)


def _read_all(paths: list[Path]) -> list[CycleFile]:
    cycle_files, refusals = [], []
    for path in paths:
        try:
            cycle_files.append(read_cycle_file(path))
        except BadCycleFile as error:
            refusals += error.lines
    if refusals:
        raise CommandError("\n".join([_("Nothing was loaded."), *refusals]))
    return cycle_files


def report_lines(report: LoadReport) -> list[str]:
    """Return what a load did, in words: a line for each noun, then each difference between file and database."""
    nouns = {
        "cycles": _("cycles"),
        "sources": _("sources"),
        "agencies": _("agencies"),
        "items": _("items"),
        "titles": _("short titles"),
        "links": _("links"),
        "suggestions": _("suggested agencies"),
        "facts": _("facts of the cycle"),
        **report.others,
    }
    lines = [_("Cycle %(year)s") % {"year": report.year}]
    for noun, label in nouns.items():
        counts = {"noun": label, "created": report.created[noun], "left": report.left_alone[noun]}
        lines.append("  " + _("%(noun)s: %(created)d created, %(left)d not changed") % counts)
    return lines + [f"  {difference}" for difference in report.differences]
