"""What happened on an item, as far as the reader may know of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast

from accounts.models import User
from audit.models import Event
from recommendations.models import Comment, Item, Review, Update


def read_history(item: Item, *, user: User, before: datetime | None = None) -> QuerySet[Event]:
    """Every act on the item for MAPO, for an agency those that are its matter; newest first.

    `before` an instant (exclusive): those that had been recorded by then.

    An update or a comment above the reader's clearance answers as if it did not exist, and so do the acts on it.
    """
    events = Event.objects.timeline(item.pk)
    if before is not None:
        events = events.filter(recorded_at__lt=before)
    if not user.is_mapo:
        events = events.in_scope_of(user.agency_id)
    updates = Update.objects.filter(assignment__item=item).above_clearance(user)
    reviews = Review.objects.filter(item=item).above_clearance(user)
    comments = Comment.objects.filter(assignment__item=item, classification__gt=user.clearance)
    for hidden in (updates, reviews, comments):
        events = events.exclude(object_type=hidden.model._meta.label, object_id__in=_numbers(hidden))
    return events


def _numbers(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """The primary keys as the log writes them."""
    return rows.order_by().annotate(number=Cast(F("pk"), TextField())).values("number")
