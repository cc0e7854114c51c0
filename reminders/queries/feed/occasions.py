"""The entries of a calendar in words, in the language in force. Nothing classified: numbers, official titles, dates."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from reminders.calendar_file import Occasion
from reminders.lines import short_title
from reminders.queries.feed import Entry, Feed
from reminders.services.letters import site_host
from reminders.states import What


def occasions(feed: Feed) -> list[Occasion]:
    """Return what a calendar shows, one a entry and in their order.

    What the person may no longer see is taken back without a word about it: its UID and its day they had before.
    """
    return [_occasion(entry, feed) for entry in feed.entries]


def calendar_name(feed: Feed) -> str:
    """Name the calendar by the agency: who serves two has two."""
    return f"Jejak · {feed.person.agency.code}"


def _occasion(entry: Entry, feed: Feed) -> Occasion:
    label = str(What(entry.what).label)
    summary, text, path = _words(entry, feed, label=label)
    url = f"{settings.SITE_URL}{path}" if path else ""
    return Occasion(
        uid=f"{entry.what}-{entry.number}@{site_host()}",
        day=entry.day,
        summary=summary,
        description="\n".join(part for part in (text, url) if part),
        url=url,
        category=label,
        sequence=entry.revision,
        changed_at=entry.changed_at,
        is_cancelled=entry.cancelled_at is not None,
    )


def _words(entry: Entry, feed: Feed, *, label: str) -> tuple[str, str, str]:
    """What it is, more about it, and where it leads."""
    if not entry.is_readable:
        return _("No longer yours"), "", ""
    if entry.assignment_id is None:
        cycle = feed.cycles[entry.cycle_id]
        return f"{cycle}: {label}", "", _path_of_cycle(feed, year=cycle.year)
    assignment = feed.assignments[entry.assignment_id]
    item = assignment.item
    path = (
        reverse("recommendations:item", args=[item.pk])
        if entry.what == What.ACTION_DUE
        else reverse("recommendations:update_start", args=[assignment.pk])
    )
    return f"{item.label_with_year}: {label}", short_title(item.text), path


def _path_of_cycle(feed: Feed, *, year: int) -> str:
    if feed.person.is_agency_actor:
        return reverse("recommendations:my_work")
    return f"{reverse('overview:overview')}?cycle={year}"
