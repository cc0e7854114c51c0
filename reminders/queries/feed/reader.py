"""Whose calendar an address is."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils.crypto import constant_time_compare

from accounts.models import User
from reminders.feed_links import FeedLink, link_of, token_of


def find_reader(user_id: int, token: str) -> User | None:
    """Return who may read by this link, as they stand now: active, joined, and the link not renewed since.

    None for everything else. One query; it takes as long for a wrong secret as for a right one.
    """
    people = _numbered().filter(is_active=True).exclude(joined_at=None).select_related("agency")
    person = people.filter(pk=user_id).first()
    number, times_left = (person.feed_number, person.times_left) if person else (0, 0)
    expected = token_of(user_id, number, times_left=times_left)
    return person if constant_time_compare(token, expected) else None


def own_link(person: User) -> FeedLink:
    """Return the person's link as it is now. One query."""
    known = _numbered().get(pk=person.pk)
    return link_of(known.pk, known.feed_number, times_left=known.times_left)


def _numbered() -> Any:
    """People with the numbers that their secrets follow from."""
    return User.objects.annotate(
        feed_number=Coalesce(F("reminder_preference__feed_number"), 0),
        times_left=Count("postings", filter=Q(postings__is_active=False)),
    )
