"""The Events on an item that the reader may know."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, Case, Exists, Min, OuterRef, QuerySet, When
from django.db.models.functions import Cast

from accounts.models import User
from audit.clock import local_date
from audit.models import Event
from recommendations.models import Comment, Cycle, CycleVersion, Item, Review, Update


def read_history(item: Item, *, user: User, before: datetime | None = None) -> QuerySet[Event]:
    """Return every act on the item for MAPO, for an agency those that are its matter; newest first.

    With `before`, only those that were recorded before that instant. Acts on an update or a comment above the reader's
    clearance are left out.
    """
    events = Event.objects.timeline(item.pk)
    if before is not None:
        events = events.filter(recorded_at__lt=before)
    if not user.is_mapo:
        events = events.in_scope_of(user.agency_id)
    updates = Update.objects.above_clearance(user)
    reviews = Review.objects.above_clearance(user)
    comments = Comment.objects.filter(classification__gt=user.clearance)
    known: QuerySet[Event] = events
    for hidden in (updates, reviews, comments):
        known = _without(known, hidden)
    return known


def _without(events: QuerySet[Event], things: QuerySet[Any]) -> QuerySet[Event]:
    """Return the events that are about none of these things; looked up event by event, not among all things."""
    label = things.model._meta.label
    number = Case(When(object_type=label, then=Cast("object_id", BigIntegerField())))
    numbered = events.alias(**{f"{things.model._meta.model_name}_number": number})
    return numbered.filter(~Exists(things.filter(pk=OuterRef(f"{things.model._meta.model_name}_number"))))


def first_day_of(cycle: Cycle) -> date | None:
    """Return the day on which the cycle was first recorded. One query."""
    began_at = CycleVersion.objects.filter(cycle=cycle).aggregate(first=Min("began_at"))["first"]
    return local_date(began_at) if began_at else None
