"""Administrators keep the days off that no library knows."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import administrators_only
from accounts.acting import acting, post_required, posted, refused_page, request_time, undo_by
from audit.clock import local_date
from audit.errors import DomainError
from reminders.forms.day_off import DayOffForm
from reminders.models import DayOff
from reminders.queries.days_off_page import read_days_off
from reminders.services.days_off import add_day_off, put_back_day_off, remove_day_off
from ui import dates


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def days_off(request: HttpRequest) -> HttpResponseBase:
    """Those to come, those that are over, and a form for one more."""
    form = DayOffForm(posted(request))
    if form.is_valid():
        try:
            day_off = add_day_off(**form.cleaned_data, **acting(request))
        except DomainError as error:
            form.add_error("day", str(error))
        else:
            done = _("%(day)s is a day off now.") % {"day": dates.day(day_off.day)}
            messages.success(request, done, extra_tags=undo_by("reminders:day_off_remove", day_off.pk))
            return redirect("reminders:days_off")
    context = {"form": form, "page": read_days_off(today=local_date(request_time(request)))}
    return render(request, "reminders/days_off.html", context, status=422 if form.errors else 200)


@post_required
@administrators_only
def day_off_remove(request: HttpRequest, day_off_id: int) -> HttpResponseBase:
    """Take one back; the toast puts it back."""
    found = get_object_or_404(DayOff, pk=day_off_id)
    try:
        remove_day_off(found, **acting(request))
    except DomainError as error:
        return refused_page(request, error)
    done = _("%(day)s is no day off any more.") % {"day": dates.day(found.day)}
    messages.success(request, done, extra_tags=undo_by("reminders:day_off_put_back", found.pk))
    return redirect("reminders:days_off")


@post_required
@administrators_only
def day_off_put_back(request: HttpRequest, day_off_id: int) -> HttpResponseBase:
    """Add one again that was taken back."""
    found = get_object_or_404(DayOff, pk=day_off_id)
    try:
        put_back_day_off(found, **acting(request))
    except DomainError as error:
        return refused_page(request, error)
    messages.success(request, _("%(day)s is a day off now.") % {"day": dates.day(found.day)})
    return redirect("reminders:days_off")
