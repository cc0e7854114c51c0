"""Whose calendar an address is."""

from __future__ import annotations

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.crypto import constant_time_compare

from accounts.models import User
from reminders.feed_links import FeedLink, link_of, token_of
from reminders.models import Preference


def find_reader(user_id: int, token: str) -> User | None:
    """Return who may read by this link, as they stand now: active, joined, and the link not renewed since.

    None for everything else. One query; it takes as long for a wrong secret as for a right one.
    """
    people = User.objects.active().exclude(joined_at=None).select_related("agency")
    numbered = people.annotate(feed_number=Coalesce(F("reminder_preference__feed_number"), 0))
    person = numbered.filter(pk=user_id).first()
    expected = token_of(user_id, person.feed_number if person else 0)
    return person if constant_time_compare(token, expected) else None


def own_link(person: User) -> FeedLink:
    """Return the person's link as it is now. One query."""
    numbers = Preference.objects.filter(user=person).values_list("feed_number", flat=True)
    return link_of(person.pk, numbers.first() or 0)
