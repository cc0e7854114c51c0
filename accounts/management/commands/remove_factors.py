"""Let a person in again whose second factors are lost, where there is no second administrator to grant it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from accounts.models import User
from accounts.services.lost_devices import remove_factors_as_owner
from accounts.tasks import ask_for_mail, send_new_device_link
from audit import clock
from audit.errors import DomainError


class Command(BaseCommand):
    """Remove a person's second factors and password; the audit trail keeps it, and the person gets a mail."""

    help = "Removes a person's lost second factors, with a reason, and mails them a link to a new password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.active().filter(email=options["email"].strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody active signs in with {options['email']}.")
        if not options["reason"].strip():
            raise CommandError("Write a reason: the audit trail keeps it.")
        try:
            with translation.override("en"):
                remove_factors_as_owner(person, reason=options["reason"], now=clock.now())
                ask_for_mail(send_new_device_link, person.pk)
        except DomainError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"The second factors of {person.email} are removed; a mail with a link is on its way."
        )
