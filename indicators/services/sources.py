"""Record who takes the bytes of a source."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from audit.services import record
from evidence.extensions import HarmedFile
from evidence.outgoing import harm_of_bytes
from evidence.services.integrity import record_harm
from indicators.models import Source


@transaction.atomic
def record_source_download(source: Source, *, actor: User, now: datetime) -> Source:
    """Record that this person takes the document's bytes. Call it before the first byte leaves."""
    record(
        action="source.downloaded",
        actor=actor,
        obj=source,
        label=source.code,
        after={"sha256": source.sha256},
        now=now,
    )
    return source


def is_as_loaded(source: Source, *, now: datetime) -> bool:
    """Return whether the bytes of a source are those that were loaded; if not, record it and tell administrators."""
    harm = harm_of_bytes(bytes(source.content), sha256=source.sha256)
    if harm is not None:
        file = HarmedFile("source", source.pk, harm, reverse("indicators:source", args=[source.pk]))
        record_harm(source, file, sha256=source.sha256, about={"label": source.code}, now=now)
    return harm is None
