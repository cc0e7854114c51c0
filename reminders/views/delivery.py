"""MAPO's pages of mails: what became of them, whom they do not reach, and resending."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import mapo_only, person_of
from accounts.acting import act_by_button, attempt, request_time, say_and_go
from audit.clock import local_date
from reminders.due.calendar import WorkCalendars
from reminders.models import Delivery
from reminders.queries import deliveries, unreached
from reminders.queries.deliveries import planning_status
from reminders.queries.mail_page import MailRow, load_mail
from reminders.services import resending
from reminders.states import DeliveryState
from ui.methods import post_required
from ui.pagination import paginate

MAILS, PEOPLE, AGENCIES = "mails", "people", "agencies"


@require_safe
@mapo_only
def delivery(request: HttpRequest) -> HttpResponse:
    """Show the figures, then the mails, the people or the agencies (`?show=`)."""
    return _show_list(request)


@require_safe
@mapo_only
def delivery_mail(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Show one mail with its attempts and its reminders."""
    return _show_mail(request, delivery_id)


@post_required
@mapo_only
def resend(request: HttpRequest, delivery_id: int) -> HttpResponseBase:
    """Send one mail again."""
    found = get_object_or_404(Delivery, pk=delivery_id)
    return act_by_button(
        request,
        partial(resending.resend, found),
        done=_("It is waiting to be sent again."),
        back_url=reverse("reminders:delivery_mail", args=[delivery_id]),
        on_refusal=lambda refusal: _show_mail(request, delivery_id, refused=str(refusal), status=409),
    )


@post_required
@mapo_only
def resend_failed(request: HttpRequest) -> HttpResponseBase:
    """Send again everything that failed and can be resent."""
    count = attempt(request, resending.resend_failed).result
    if not count:
        refused = _("Nothing that failed can be sent again now. Nothing was changed.")
        return _show_list(request, refused=refused, status=409)
    done = ngettext(
        "%(count)s e-mail is waiting to be sent again.",
        "%(count)s e-mails are waiting to be sent again.",
        count,
    )
    back_url = _url(state=DeliveryState.WAITING.value)
    return say_and_go(request, count, done=done % {"count": count}, back_url=back_url)


def _show_list(request: HttpRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    person, now, calendars = person_of(request), request_time(request), WorkCalendars.load()
    today = local_date(now)
    unread_before = unreached.working_days_ago(unreached.UNREAD_AFTER_DAYS, today, calendars=calendars)
    reminded_before = unreached.working_days_ago(unreached.SILENT_AFTER_DAYS, today, calendars=calendars)
    agencies = list(unreached.agencies_with_people())
    counts: dict[str, int] = deliveries.count_deliveries(
        person,
        never_joined=unreached.never_joined(),
        not_reading=unreached.not_reading(before=unread_before, reader=person),
        now=now,
    )
    silent = unreached.silent_agencies(today=today, reminded_before=reminded_before)
    gaps = unreached.find_gaps(agencies)
    days = deliveries.count_by_day(now=now)
    last_run, warnings = planning_status(now=now, calendars=calendars)
    show = request.GET.get("show", MAILS)
    show = show if show in (PEOPLE, AGENCIES) else MAILS
    context: dict[str, Any] = {
        "last_run": last_run,
        "warnings": warnings,
        "figures": _figures(counts | {"silent": len(silent), "gaps": len(gaps)}, days, today=today),
        "sections": _sections(show),
        "counts": counts,
        "today": today,
        "refused": refused,
        "silent": silent,
        "gaps": gaps,
    }
    if show == PEOPLE:
        people = unreached.unreached_people(before=unread_before, reader=person)
        context["page"] = paginate(request, people, per_page=deliveries.PER_PAGE)
    if show == MAILS:
        context |= _mails(request, agencies, now=now) | {"days": days[: deliveries.DAYS_SHOWN]}
    return render(request, f"reminders/delivery_{show}.html", context, status=status)


def _mails(request: HttpRequest, agencies: list[Any], *, now: datetime) -> dict[str, Any]:
    """Return the context of the list of mails."""
    choices = [(agency.code, agency.label) for agency in agencies]
    filters = deliveries.DeliveryFilters.from_query(request.GET, agencies=choices)
    page = paginate(request, deliveries.list_deliveries(filters, now=now), per_page=deliveries.PER_PAGE)
    return {
        "filters": filters,
        "agency_choices": choices,
        "state_choices": deliveries.state_choices(),
        "page": page,
        "mails": [MailRow(row) for row in page.rows],
    }


def _show_mail(
    request: HttpRequest, delivery_id: int, *, refused: str = "", status: int = 200
) -> HttpResponse:
    now = request_time(request)
    rows = deliveries.list_deliveries(deliveries.DeliveryFilters(), now=now)
    found = get_object_or_404(rows, pk=delivery_id)
    page = load_mail(found, user=person_of(request), now=now)
    context = {"page": page, "mail": MailRow(found), "delivery": found, "refused": refused}
    return render(request, "reminders/delivery_mail.html", context, status=status)


def _url(**query: str) -> str:
    base = reverse("reminders:delivery")
    return f"{base}?{urlencode(query)}" if query else base


def _sections(show: str) -> list[dict[str, Any]]:
    sections = [
        (MAILS, _url(), _("E-mails")),
        (PEOPLE, _url(show=PEOPLE), _("People not reached")),
        (AGENCIES, _url(show=AGENCIES), _("Agencies")),
    ]
    return [{"url": url, "label": label, "is_current": name == show} for name, url, label in sections]


def _figures(counts: dict[str, int], days: list[dict[str, Any]], *, today: date) -> list[dict[str, Any]]:
    """Return the numbers at the top, each with a link to what it counts. Those after the second are bad news."""
    sent_today = sum(day["sent"] for day in days if day["day"] == today)
    waiting, failed = (sum(day[name] for day in days) for name in ("waiting", "failed"))
    agencies_url, people_url = _url(show=AGENCIES), _url(show=PEOPLE)
    figures = [
        (sent_today, _("sent today"), _url(state=DeliveryState.SENT.value, day=str(today))),
        (waiting, _("waiting"), _url(state=DeliveryState.WAITING.value)),
        (failed, _("failed in 30 days"), _url(state=DeliveryState.FAILED.value, recent="1")),
        (counts["cut_off"], _("interrupted in 30 days"), _url(state=deliveries.CUT_OFF, recent="1")),
        (counts["never_joined"], _("never signed in"), people_url),
        (counts["not_reading"], _("not reading"), people_url),
        (counts["silent"], _("agencies not responding"), agencies_url),
        (counts["gaps"], _("agencies without an officer or coordinator"), f"{agencies_url}#gaps"),
    ]
    return [
        {"number": number, "words": words, "url": url, "is_bad": place > 1 and number > 0}
        for place, (number, words, url) in enumerate(figures)
    ]
