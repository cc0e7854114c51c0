"""Destroy the bytes of a sealed document, which only the National Archives may approve."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from accounts.models import User
from audit import clock
from audit.errors import DomainError
from evidence.models import Document
from evidence.services.preservation import destroy_sealed_document


class Command(BaseCommand):
    """Delete the bytes of one sealed document for good; its row, hash and history stay."""

    help = "Destroys the bytes of a sealed document, by the National Archives' approval. It cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("document", type=int, help="the document's number, as in its address")
        parser.add_argument("--approval", required=True, help="the number of the National Archives' approval")
        parser.add_argument("--by", required=True, help="e-mail of the administrator who answers for it")

    def handle(self, *args: Any, **options: Any) -> None:
        document = Document.objects.filter(pk=options["document"]).first()
        actor = User.objects.active().select_related("agency").filter(email=options["by"].lower()).first()
        if document is None or actor is None:
            raise CommandError("There is no such document, or no active person with that e-mail.")
        try:
            with translation.override("en"):
                destroy_sealed_document(
                    document, approval_number=options["approval"], actor=actor, now=clock.now()
                )
        except DomainError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"The bytes of document {document.pk} are destroyed; its record stays.")
