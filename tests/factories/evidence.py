"""Documents for tests, received by the real service, with small real files of each kind."""

from __future__ import annotations

from datetime import date, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.clearance import Clearance
from accounts.models import Agency, User
from evidence.models import Document
from evidence.services.receiving import receive_file
from tests.evidence import files


def make_upload(name: str = "Laporan.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    """An upload as a form hands it over; its content is a small real PDF unless given."""
    return SimpleUploadedFile(name, files.pdf() if content is None else content)


def make_document(
    agency: Agency,
    *,
    actor: User,
    now: datetime,
    name: str = "Laporan.pdf",
    content: bytes | None = None,
    classification: int = Clearance.RESTRICTED,
    evidence_from: date | None = None,
    evidence_to: date | None = None,
    identities_reason: str = "",
) -> Document:
    """A document that is in use; unscanned where the tests' SCANNER is none."""
    return receive_file(
        make_upload(name, content),
        agency=agency,
        actor=actor,
        classification=classification,
        evidence_from=evidence_from,
        evidence_to=evidence_to,
        identities_reason=identities_reason,
        now=now,
    )
