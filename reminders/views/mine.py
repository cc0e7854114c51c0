"""What the person was told: a list of news and reminders, and the ways from it to where things are mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.access import find_or_refuse, person_of
from accounts.acting import acting, post_required, request_time
from accounts.models import User
from audit import clock
from reminders.models import Reminder
from reminders.queries.mine import Entry, Told, drawn_together, earlier, entries, one_by_one, to_do
from reminders.queries.notices import NewsEntry, news_of
from reminders.services.reading import mark_all_read, mark_read
from ui.numbers import whole_number
from ui.pagination import paginate

PER_PAGE = 20
#: The value of `?show=` for what is settled.
EARLIER = "earlier"
#: So many other reminders of one entry are marked as read with it.
MOST_BESIDE = 1000


@require_GET
def mine(request: HttpRequest) -> HttpResponseBase:
    """News and what is to be done, the unread first; under a second tab what is settled. Reading the list marks nothing."""
    person, now = person_of(request), request_time(request)
    today = clock.local_date(now)
    is_earlier = request.GET.get("show") == EARLIER
    rows = earlier(person) if is_earlier else _all(person, now=now)
    page = paginate(request, rows, per_page=PER_PAGE)
    found = _entries(one_by_one(page.rows, today=today) if is_earlier else page.rows, person=person)
    context = {
        "today": today,
        "tabs": _tabs(is_earlier=is_earlier),
        "is_earlier": is_earlier,
        "page": page,
        "groups": _groups(found, is_earlier=is_earlier),
    }
    return render(request, "reminders/mine.html", context)


def _all(person: User, *, now: datetime) -> list[Told | NewsEntry]:
    """News that is unread, what is to be done, and quietly at the end the news that was read."""
    news, told = news_of(person, now=now), to_do(person, today=clock.local_date(now))
    return [*(each for each in news if each.is_unread), *told, *(each for each in news if not each.is_unread)]


def _entries(rows: Sequence[Told | NewsEntry], *, person: User) -> list[Entry | NewsEntry]:
    """What a page shows, in its order."""
    made = iter(entries([row for row in rows if isinstance(row, Told)], user=person))
    return [next(made) if isinstance(row, Told) else row for row in rows]


def _tabs(*, is_earlier: bool) -> list[dict[str, Any]]:
    url = reverse("reminders:mine")
    return [
        {"url": url, "label": pgettext("reminders", "To do"), "count": None, "is_current": not is_earlier},
        {
            "url": f"{url}?show={EARLIER}",
            "label": pgettext("reminders", "Settled"),
            "count": None,
            "is_current": is_earlier,
        },
    ]


def _groups(found: Iterable[Entry | NewsEntry], *, is_earlier: bool) -> list[dict[str, Any]]:
    """The entries of a page under their headings, in the order in which they come."""
    if is_earlier:
        headings = {"settled": pgettext("reminders", "Settled")}
    else:
        headings = {
            "unread": _("New"),
            "read": _("Read, still to do"),
            "muted": _("Muted"),
            "quiet": _("Notices that you have read"),
        }
    groups: dict[str, list[Entry | NewsEntry]] = {}
    for entry in found:
        key = "settled" if is_earlier else entry.loudness
        groups.setdefault(key, []).append(entry)
    return [{"key": key, "heading": headings[key], "entries": members} for key, members in groups.items()]


@post_required
def read(request: HttpRequest, reminder_id: int) -> HttpResponseBase:
    """Mark what one entry says as read, and go where it is mended. `beside`: what else the entry was made of."""
    mine = Reminder.objects.visible_to(person_of(request))
    found = find_or_refuse(request, mine, pk=reminder_id)
    asked = [whole_number(text) for text in request.POST.getlist("beside")[:MOST_BESIDE]]
    others = mine.exclude(pk=found.pk).filter(pk__in=[pk for pk in asked if pk is not None])
    rows = [found, *others]
    mark_read(found, beside=rows[1:], **acting(request))
    told = drawn_together(rows, today=clock.local_date(request_time(request)))
    return redirect(next(each.line.path for each in told if found in each.reminders))


@post_required
def read_all(request: HttpRequest) -> HttpResponseBase:
    """Mark everything as read; what is to be done stays on the list."""
    if mark_all_read(person_of(request), **acting(request)):
        messages.success(request, _("All reminders are marked as read."))
    return redirect("reminders:mine")
