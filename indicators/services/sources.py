"""Record who takes the bytes of a source."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit.services import record
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
