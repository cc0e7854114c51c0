"""The person's own list of notices and reminders, and the links from it to where something is to be done."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.access import find_or_refuse, person_of
from accounts.acting import act_by_button, request_time
from accounts.models import User
from audit.clock import local_date
from reminders.models import Notice, Reminder
from reminders.queries.my_reminders import (
    NoticeEntry,
    ReminderEntry,
    add_notes,
    grouped_entries,
    list_notices,
    open_reminders,
    settled_reminders,
    single_entries,
)
from reminders.services.notices import mark_all_read, mark_read, read_notice
from ui.methods import post_required
from ui.numbers import whole_number
from ui.pagination import paginate

PER_PAGE = 20
#: The value of `?show=` for settled reminders.
EARLIER = "earlier"
#: The most other reminders of an entry that are marked as read with it.
MAX_BESIDE = 1000

ListEntry = ReminderEntry | NoticeEntry


@require_GET
def mine(request: HttpRequest) -> HttpResponseBase:
    """List notices and what is to be done, unread first; a second tab has what is settled. Marks nothing as read."""
    person, now = person_of(request), request_time(request)
    is_earlier = request.GET.get("show") == EARLIER
    rows = settled_reminders(person) if is_earlier else _open_entries(person, now=now)
    page = paginate(request, rows, per_page=PER_PAGE)
    found = single_entries(page.rows, today=local_date(now)) if is_earlier else page.rows
    add_notes([entry for entry in found if isinstance(entry, ReminderEntry)], user=person)
    context = {
        "today": local_date(now),
        "tabs": _tabs(is_earlier=is_earlier),
        "is_earlier": is_earlier,
        "page": page,
        "groups": _groups(found, is_earlier=is_earlier),
    }
    return render(request, "reminders/mine.html", context)


def _open_entries(person: User, *, now: datetime) -> list[ListEntry]:
    """Return unread notices, what is to be done, and at the end the notices that were read."""
    notices, reminders = list_notices(person, now=now), open_reminders(person, today=local_date(now))
    unread = [notice for notice in notices if notice.is_unread]
    return [*unread, *reminders, *(notice for notice in notices if not notice.is_unread)]


def _tabs(*, is_earlier: bool) -> list[dict[str, Any]]:
    url, todo = reverse("reminders:mine"), pgettext("reminders", "To do")
    settled = pgettext("reminders", "Settled")
    return [
        {"url": url, "label": todo, "count": None, "is_current": not is_earlier},
        {"url": f"{url}?show={EARLIER}", "label": settled, "count": None, "is_current": is_earlier},
    ]


def _groups(found: Iterable[ListEntry], *, is_earlier: bool) -> list[dict[str, Any]]:
    """Return the entries of a page under their headings, in their order."""
    headings = {
        "settled": pgettext("reminders", "Settled"),
        "unread": _("New"),
        "read": _("Read, still to do"),
        "muted": _("Muted"),
        "quiet": _("Notices that you have read"),
    }
    groups: dict[str, list[ListEntry]] = {}
    for entry in found:
        groups.setdefault("settled" if is_earlier else entry.group, []).append(entry)
    return [{"key": key, "heading": headings[key], "entries": members} for key, members in groups.items()]


@post_required
def read(request: HttpRequest, reminder_id: int) -> HttpResponseBase:
    """Mark an entry as read, and go to where it is dealt with. `beside`: the other reminders of the entry."""
    visible = Reminder.objects.visible_to(person_of(request))
    found = find_or_refuse(request, visible, pk=reminder_id)
    asked = [whole_number(text) for text in request.POST.getlist("beside")[:MAX_BESIDE]]
    others = visible.exclude(pk=found.pk).filter(pk__in=[pk for pk in asked if pk is not None])
    entries = grouped_entries([found, *others], today=local_date(request_time(request)))
    path = next(entry.text.path for entry in entries if found in entry.reminders)
    return act_by_button(request, partial(mark_read, found, beside=list(others)), done="", back_url=path)


@post_required
def read_all(request: HttpRequest) -> HttpResponseBase:
    """Mark everything as read; what is to be done stays on the list."""
    return act_by_button(
        request,
        partial(mark_all_read, person_of(request)),
        done=lambda count: _("All reminders are marked as read.") if count else "",
        back_url=reverse("reminders:mine"),
    )


@post_required
def notice_read(request: HttpRequest, notice_id: int) -> HttpResponseBase:
    """Mark a notice as read, and go to where it leads; with `stay`, back to the list."""
    found = find_or_refuse(request, Notice.objects.of(person_of(request)), pk=notice_id)
    back_url = reverse("reminders:mine") if "stay" in request.POST else found.path
    return act_by_button(request, partial(read_notice, found), done="", back_url=back_url)
