"""The minutes of a meeting leave Jejak: they are read for MAPO alone, and each download is on record before its first byte."""

from __future__ import annotations

import hashlib
from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.models import User
from audit.clock import local_date
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from audit.services import record
from meetings.models import LaidAgenda, Meeting
from meetings.queries.decisions_page import decisions_of
from meetings.queries.laid import read_laid
from reports.summary.minutes import Minutes
from reports.summary.statement import Maker

#: The writer of each extension.
_WRITERS = {"docx": "reports.writers.minutes.write_docx", "pdf": "reports.writers.minutes.write_pdf"}


@transaction.atomic
def make_minutes(meeting: Meeting, *, extension: str, language: str, actor: User, now: datetime) -> bytes:
    """Return the minutes of a meeting that was held, and record the download.

    Raises `NotAllowed` for everybody but MAPO within the class of the agenda, `NotNow` before the meeting was held.
    """
    laid = LaidAgenda.objects.filter(meeting=meeting).order_by("-number").first()
    is_within = laid is None or laid.classification <= actor.clearance
    if not (actor.is_active and actor.is_mapo and is_within):
        raise NotAllowed(_("The minutes are for MAPO alone, within its clearance."))
    if not meeting.is_held:
        raise NotNow(_("This meeting has not been held, so it has no minutes yet."))
    closed = (
        Event.objects.about("meetings.Meeting", meeting.pk)
        .filter(action="meeting.closed")
        .newest_first()
        .first()
    )
    minutes = Minutes(
        meeting=meeting,
        agenda=read_laid(laid) if laid else None,
        decisions=decisions_of(meeting, user=actor, today=local_date(now)),
        closed_at=closed.occurred_at if closed else None,
        maker=Maker.of(actor, now=now),
        fingerprint=laid.sha256 if laid else "",
    )
    target = BytesIO()
    import_string(_WRITERS[extension])(minutes, target, language=language)
    made = target.getvalue()
    facts = {"format": extension, "language": language, "sha256": hashlib.sha256(made).hexdigest()}
    record(action="minutes.taken", actor=actor, obj=meeting, label=meeting.number, after=facts, now=now)
    return made
