"""The address of a person's calendar, and whose calendar an address is.

The secret in it is computed each time from numbers in the database: nothing that is stored opens a calendar.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlsafe_base64_encode

from accounts.models import User


@dataclass(frozen=True, slots=True)
class FeedLink:
    """Where calendars fetch it, and the same for programs that subscribe to `webcal:` by a click."""

    url: str
    webcal_url: str


def feed_token(user_id: int, feed_number: int, *, times_left: int = 0) -> str:
    """Return the secret of a person's link: 256 bits, in letters that an address may hold.

    It depends on SECRET_KEY, the person, how often they renewed it, and how often they were deactivated
    (`times_left`), so that a link that became invalid with its account stays invalid when the person comes back.
    """
    message = f"{user_id}/{feed_number}/{times_left}"
    return urlsafe_base64_encode(salted_hmac("reminders.feed", message, algorithm="sha256").digest())


def feed_link(user_id: int, feed_number: int, *, times_left: int = 0) -> FeedLink:
    """Return the whole address, at the fixed address of the site."""
    path = reverse("reminders:feed", args=[user_id, feed_token(user_id, feed_number, times_left=times_left)])
    url = f"{settings.SITE_URL}{path}"
    return FeedLink(url, f"webcal://{url.partition('://')[2]}")


def find_reader(user_id: int, token: str) -> User | None:
    """Return who may read by this link, as they are now: active, joined, and the link not renewed since.

    None for everything else. One query; a wrong secret takes as long as the right one.
    """
    people = _with_numbers().active().joined().select_related("agency")
    person = people.filter(pk=user_id).first()
    number, times_left = (person.feed_number, person.times_left) if person else (0, 0)
    expected = feed_token(user_id, number, times_left=times_left)
    return person if constant_time_compare(token, expected) else None


def own_link(person: User) -> FeedLink:
    """Return the person's present link. One query."""
    known = _with_numbers().get(pk=person.pk)
    return feed_link(known.pk, known.feed_number, times_left=known.times_left)


def _with_numbers() -> Any:
    """Return people with the numbers that their secrets depend on."""
    return User.objects.annotate(
        feed_number=Coalesce(F("reminder_preference__feed_number"), 0),
        times_left=Count("postings", filter=Q(postings__is_active=False)),
    )
