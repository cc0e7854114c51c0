"""The part of the preferences page about one's own calendar."""

from __future__ import annotations

from django import template

from accounts.models import User
from reminders.feed_links import FeedLink
from reminders.readings.feed import own_link

register = template.Library()


@register.inclusion_tag("reminders/_feed.html")
def feed_section(person: User) -> dict[str, FeedLink | bool]:
    """Draw the person's calendar link, how to use it, and how to renew it. One query.

    `{% load feed %}{% feed_section user %}`, on a page that is the person's own.
    """
    return {"link": own_link(person), "has_dates_of_agency": person.is_agency_actor}
