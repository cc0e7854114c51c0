"""MAPO's page of what became of the mails, whom they do not reach, and sending one again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import mapo_only, person_of
from accounts.acting import acting, post_required, request_time
from audit.clock import local_date
from audit.errors import DomainError
from reminders.calendars import Calendars
from reminders.models import Delivery
from reminders.queries import delivery_page as reading
from reminders.queries import silence
from reminders.queries.mail_page import read_mail
from reminders.queries.rounds import read_planning
from reminders.services.resending import resend as send_again
from reminders.services.resending import resend_failed as send_failed_again
from reminders.states import DeliveryState
from ui.pagination import paginate

MAILS, PEOPLE, AGENCIES = "mails", "people", "agencies"


@require_safe
@mapo_only
def delivery(request: HttpRequest) -> HttpResponse:
    """The figures, then the mails, the people or the agencies (`?show=`)."""
    return _show_list(request)


@require_safe
@mapo_only
def delivery_mail(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """One mail with its attempts and its reminders."""
    return _show_mail(request, delivery_id)


@post_required
@mapo_only
def resend(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Send one mail again."""
    found = Delivery.objects.filter(pk=delivery_id).first()
    if found is None:
        raise Http404
    try:
        send_again(found, **acting(request))
    except DomainError as refusal:
        return _show_mail(request, delivery_id, refused=str(refusal), status=409)
    messages.success(request, _("It waits to be sent again."))
    return redirect("reminders:delivery_mail", delivery_id)


@post_required
@mapo_only
def resend_failed(request: HttpRequest) -> HttpResponse:
    """Send again everything that failed and can be."""
    count = send_failed_again(**acting(request))
    if not count:
        told = _("Nothing that failed can be sent again now. Nothing was changed.")
        return _show_list(request, refused=told, status=409)
    told = ngettext("%(count)s mail waits to be sent again.", "%(count)s mails wait to be sent again.", count)
    messages.success(request, told % {"count": count})
    return redirect(_url(state=DeliveryState.WAITING.value))


def _show_list(request: HttpRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    now, calendars = request_time(request), Calendars.read()
    today = local_date(now)
    unread_before = silence.working_days_ago(silence.UNREAD_AFTER_DAYS, today, calendars=calendars)
    agencies = list(silence.agencies_with_people())
    reminded_before = silence.working_days_ago(silence.SILENT_AFTER_DAYS, today, calendars=calendars)
    silent = silence.silent_agencies(today=today, reminded_before=reminded_before)
    gaps = silence.gaps_among(agencies)
    counts = reading.read_counts(person_of(request), unread_before=unread_before, now=now)
    days = reading.read_days(now=now)
    planning = read_planning(now=now, calendars=calendars)
    show = request.GET.get("show", MAILS)
    show = show if show in (PEOPLE, AGENCIES) else MAILS
    context: dict[str, Any] = {
        "show": show,
        "last_run": planning.last_run,
        "warnings": planning.warnings,
        "figures": _figures(counts, days, today=today, silent=len(silent), gaps=len(gaps)),
        "sections": _sections(show),
        "counts": counts,
        "today": today,
        "refused": refused,
        "silent": silent,
        "gaps": gaps,
    }
    if show == PEOPLE:
        people = silence.unreached_people(before=unread_before, reader=person_of(request))
        context["page"] = paginate(request, people, per_page=reading.PER_PAGE)
    if show == MAILS:
        context |= _mails(request, agencies, now=now) | {"days": days[: reading.DAYS_SHOWN]}
    return render(request, f"reminders/delivery_{show}.html", context, status=status)


def _mails(request: HttpRequest, agencies: list[Any], *, now: datetime) -> dict[str, Any]:
    choices = [(agency.code, agency.label) for agency in agencies]
    filters = reading.Filters.read(request.GET, agencies=choices)
    page = paginate(request, reading.mails(filters, now=now), per_page=reading.PER_PAGE)
    return {
        "filters": filters,
        "agency_choices": choices,
        "state_choices": reading.state_choices(),
        "page": page,
        "mails": [reading.Mail(row) for row in page.rows],
    }


def _show_mail(
    request: HttpRequest, delivery_id: int, *, refused: str = "", status: int = 200
) -> HttpResponse:
    page = read_mail(delivery_id, user=person_of(request), now=request_time(request))
    if page is None:
        raise Http404
    context = {"page": page, "mail": page.mail, "delivery": page.mail.delivery, "refused": refused}
    return render(request, "reminders/delivery_mail.html", context, status=status)


def _url(**query: str) -> str:
    base = reverse("reminders:delivery")
    return f"{base}?{urlencode(query)}" if query else base


def _sections(show: str) -> list[dict[str, Any]]:
    sections = [
        (MAILS, _url(), _("Mails")),
        (PEOPLE, _url(show=PEOPLE), _("People not reached")),
        (AGENCIES, _url(show=AGENCIES), _("Agencies")),
    ]
    return [{"url": url, "label": label, "is_current": name == show} for name, url, label in sections]


def _figures(
    counts: reading.Counts, days: list[reading.DayCount], *, today: date, silent: int, gaps: int
) -> list[dict[str, Any]]:
    """The numbers at the top, each a link to what it counts."""
    sent_today = sum(day.sent for day in days if day.day == today)
    waiting, failed = (sum(getattr(day, name) for day in days) for name in ("waiting", "failed"))
    agencies_url = _url(show=AGENCIES)
    plain = [
        (sent_today, _("sent today"), _url(state=DeliveryState.SENT.value, day=str(today))),
        (waiting, _("waiting"), _url(state=DeliveryState.WAITING.value)),
    ]
    bad = [
        (failed, _("failed in 30 days"), _url(state=DeliveryState.FAILED.value, recent="1")),
        (counts.cut_off, _("broken off in 30 days"), _url(state=reading.CUT_OFF, recent="1")),
        (counts.never_came, _("never signed in"), _url(show=PEOPLE)),
        (counts.not_reading, _("not reading"), _url(show=PEOPLE)),
        (silent, _("agencies silent"), agencies_url),
        (gaps, _("agencies with a gap"), f"{agencies_url}#gaps"),
    ]
    return [
        *({"number": number, "words": words, "url": url, "is_bad": False} for number, words, url in plain),
        *({"number": number, "words": words, "url": url, "is_bad": number > 0} for number, words, url in bad),
    ]
