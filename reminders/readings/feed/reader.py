"""Whose calendar an address is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, OuterRef, Subquery
from django.db.models.functions import Cast, Coalesce
from django.utils.crypto import constant_time_compare

from accounts.models import User
from audit.models import Event
from reminders.feed_links import FeedLink, link_of, token_of
from reminders.models import Preference


@dataclass(frozen=True, slots=True)
class Reader:
    """A person whose link was used, and when they last chose another language (never: None)."""

    person: User
    spoke_since: datetime | None


def find_reader(user_id: int, token: str) -> Reader | None:
    """Return who may read by this link, as they stand now: active, joined, and the link not renewed since.

    None for everything else. One query; it takes as long for a wrong secret as for a right one.
    """
    choices = Event.objects.filter(
        action="person.chose_language",
        object_type=User._meta.label,
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    people = User.objects.active().exclude(joined_at=None).select_related("agency")
    person = (
        people.annotate(
            feed_number=Coalesce(F("reminder_preference__feed_number"), 0),
            spoke_since=Subquery(choices.order_by("-id").values("occurred_at")[:1]),
        )
        .filter(pk=user_id)
        .first()
    )
    expected = token_of(user_id, person.feed_number if person else 0)
    if not constant_time_compare(token, expected) or person is None:
        return None
    return Reader(person, person.spoke_since)


def own_link(person: User) -> FeedLink:
    """Return the person's link as it is now. One query."""
    numbers = Preference.objects.filter(user=person).values_list("feed_number", flat=True)
    return link_of(person.pk, numbers.first() or 0)
