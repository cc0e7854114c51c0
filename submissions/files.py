"""The files of a form: those that came with it, and what its drop zone needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.urls import reverse

from accounts.access import person_of
from accounts.acting import attempt
from accounts.models import Agency
from accounts.quotas import UPLOADED_BYTES, UPLOADS, take
from evidence.kinds.catalogue import EXTENSIONS
from evidence.models import Document
from evidence.services.receiving import receive_file
from submissions.forms import classes_for
from ui.numbers import file_size


@dataclass
class ReceivedFiles:
    """Files that came with a form: the stored ones, and the refused as (name, reason)."""

    documents: list[Document] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def receive_files(
    request: HttpRequest, uploads: Iterable[UploadedFile], *, agency: Agency, classification: int
) -> ReceivedFiles:
    """Store each file by itself: one that is refused keeps no other from being stored. Each counts for the quotas."""
    received, person = ReceivedFiles(), person_of(request)
    for upload in uploads:
        too_much = take(UPLOADS, person) or take(UPLOADED_BYTES, person, amount=upload.size or 0)
        if too_much is not None:
            received.refused.append((upload.name or "", str(too_much)))
            continue
        outcome = attempt(
            request, partial(receive_file, upload, agency=agency, classification=classification)
        )
        if outcome.is_done:
            received.documents.append(outcome.result)
        else:
            received.refused.append((upload.name or "", str(outcome.refusal)))
    return received


def drop_zone_context(request: HttpRequest, *, chosen_class: int) -> dict[str, Any]:
    """Return the classes that the person may give, and limits and addresses for uploads by script."""
    classes = [
        {"value": value, "label": label, "selected": value == chosen_class}
        for value, label in classes_for(person_of(request))
    ]
    return {
        "classes": classes,
        "max_bytes": settings.MAX_UPLOAD_BYTES,
        "max_text": file_size(settings.MAX_UPLOAD_BYTES),
        "accept": ",".join(f".{extension}" for extension in EXTENSIONS),
        "upload_url": reverse("evidence:upload"),
        "describe_url": reverse("evidence:describe", args=[0]),
    }
