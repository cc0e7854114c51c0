"""Add the first administrator, or anybody who must come in without one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from accounts.clearance import Clearance
from accounts.models import Agency, Language
from accounts.roles import Role
from accounts.services.invitations import add_person
from accounts.tokens import INVITATION, link_url
from audit import clock
from audit.errors import DomainError


class Command(BaseCommand):
    """Add one person and print a link, valid once, with which they set a password."""

    help = "Adds one person and prints a one-time link with which they set their password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--agency", required=True, help="the agency's code, for example KDN")
        parser.add_argument("--clearance", choices=[member.name.lower() for member in Clearance])
        parser.add_argument("--language", choices=Language.values, default=Language.MALAY)

    def handle(self, *args: Any, **options: Any) -> None:
        agency = Agency.objects.filter(code__iexact=options["agency"]).first()
        if agency is None:
            raise CommandError(f"There is no agency {options['agency']}. {_known_codes()}")
        try:
            with translation.override("en"):
                person = add_person(
                    name=options["name"],
                    email=options["email"],
                    role=options["role"],
                    agency=agency,
                    clearance=Clearance[options["clearance"].upper()] if options["clearance"] else None,
                    language=options["language"],
                    actor=None,
                    now=clock.now(),
                )
        except DomainError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(link_url(person, purpose=INVITATION))


def _known_codes() -> str:
    """Return a sentence that lists the agencies' codes."""
    codes = ", ".join(Agency.objects.active().values_list("code", flat=True))
    return f"Known are: {codes}." if codes else "None exist yet: load a cycle first (manage.py load_cycle)."
