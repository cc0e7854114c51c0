"""The address of a person's calendar. Its secret is reckoned anew each time: nothing that is stored opens a calendar."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import urlsafe_base64_encode


@dataclass(frozen=True, slots=True)
class FeedLink:
    """Where calendars fetch it, and the same for programs that subscribe to `webcal:` by a click."""

    url: str
    webcal_url: str


def token_of(user_id: int, feed_number: int, *, times_left: int = 0) -> str:
    """Return the secret of a person's link: 256 bits, of letters that an address may hold.

    It follows from SECRET_KEY, the person, how often they renewed it, and how often they were deactivated
    (`times_left`): another number, or another key, is another secret. A link that died with its account stays dead
    when the person comes back.
    """
    about = f"{user_id}/{feed_number}/{times_left}"
    reckoned = salted_hmac("reminders.feed", about, algorithm="sha256")
    return urlsafe_base64_encode(reckoned.digest())


def link_of(user_id: int, feed_number: int, *, times_left: int = 0) -> FeedLink:
    """Return the whole address, at the fixed address of the site."""
    path = reverse("reminders:feed", args=[user_id, token_of(user_id, feed_number, times_left=times_left)])
    url = f"{settings.SITE_URL}{path}"
    return FeedLink(url, f"webcal://{url.partition('://')[2]}")
