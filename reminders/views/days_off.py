"""Administrators edit the days off that the holiday library does not know."""

from functools import partial

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import administrators_only
from accounts.acting import act_by_button, act_by_form, post_required, posted, request_time, undo_by
from audit.clock import local_date
from reminders.forms.day_off import DayOffForm
from reminders.models.day_off import DayOff
from reminders.services.days_off import add_day_off, put_back_day_off, remove_day_off
from ui import dates

#: The most past days that the page shows.
PAST_SHOWN = 30


def _added(day_off: DayOff) -> str:
    return _("%(day)s is a day off now.") % {"day": dates.day(day_off.day)}


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def days_off(request: HttpRequest) -> HttpResponseBase:
    """Show the days to come and those that are over, with a form for one more."""
    rows, today = DayOff.objects.select_related("added_by"), local_date(request_time(request))
    return act_by_form(
        request,
        DayOffForm(posted(request)),
        act=add_day_off,
        done=_added,
        undo=lambda day_off: undo_by("reminders:day_off_remove", day_off.pk),
        back_url=reverse("reminders:days_off"),
        template="reminders/days_off.html",
        context={"coming": list(rows.coming(today)), "over": list(rows.over(today)[:PAST_SHOWN])},
        error_field="day",
        error_status=422,
    )


@post_required
@administrators_only
def day_off_remove(request: HttpRequest, day_off_id: int) -> HttpResponseBase:
    """Remove a day off; the toast puts it back."""
    found = get_object_or_404(DayOff, pk=day_off_id)
    return act_by_button(
        request,
        partial(remove_day_off, found),
        done=_("%(day)s is no day off any more.") % {"day": dates.day(found.day)},
        undo=undo_by("reminders:day_off_put_back", found.pk),
        back_url=reverse("reminders:days_off"),
    )


@post_required
@administrators_only
def day_off_put_back(request: HttpRequest, day_off_id: int) -> HttpResponseBase:
    """Add a removed day off again."""
    found = get_object_or_404(DayOff, pk=day_off_id)
    return act_by_button(
        request, partial(put_back_day_off, found), done=_added, back_url=reverse("reminders:days_off")
    )
