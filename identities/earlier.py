"""Hides what was sent with a reason before marks were kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction

from audit.guarded_text import GuardedCharField, GuardedTextField
from audit.models import Event, audit_type_of
from audit.services import record
from privacy.checks import MARKS, marks_for
from privacy.kinds import IdentityKind
from privacy.models import IdentityMark
from recommendations.models import Submission, Update

_COUNTS = [f"identity_{kind}" for kind in IdentityKind.values]


@transaction.atomic
def hide_earlier_texts(*, now: datetime) -> int:
    """Look again at the texts of every Event that counted identities and kept no places; return how many texts are hidden.

    What today's patterns find there is hidden under a new Event, which says that it was found again: where the words stood when they
    were sent is not known. Running it twice hides nothing more.
    """
    models_by_type = {audit_type_of(model): model for model in apps.get_models()}
    known = set(IdentityMark.objects.values_list("sha256", flat=True))
    hidden = 0
    events = Event.objects.filter(after__has_any_keys=_COUNTS).exclude(after__has_key=MARKS)
    for event in events.order_by("pk"):
        model = models_by_type.get(event.object_type)
        row = model._default_manager.filter(pk=event.object_id).first() if model else None
        found = {mark["sha256"]: mark for mark in _marks(event, row) if mark["sha256"] not in known}
        if not found:
            continue
        known |= found.keys()
        hidden += len(found)
        record(
            action="identity.found_again",
            actor=None,
            object_type=event.object_type,
            object_id=event.object_id,
            label=event.label,
            agency_id=event.agency_id if event.agency_id is not None else event.actor_agency_id,
            item_id=event.item_id,
            after={"texts": len(found), MARKS: list(found.values())},
            now=now,
        )
    return hidden


def _marks(event: Event, row: models.Model | None) -> Iterator[dict[str, Any]]:
    """Yield what today's patterns find in the Event's reason and in the texts of what it is about."""
    yield from marks_for("reason", event.reason)
    for each in _rows(row):
        for field in each._meta.fields:
            if isinstance(field, GuardedTextField | GuardedCharField):
                yield from marks_for(field.name, getattr(each, field.name))


def _rows(row: models.Model | None) -> list[models.Model]:
    """Return a row, and the versions of an update as they were sent."""
    if row is None:
        return []
    return [row, *Submission.objects.filter(update=row)] if isinstance(row, Update) else [row]
