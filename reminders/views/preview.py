"""What the rules would send on any day, for the administrators who keep them."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import administrators_only, person_of
from accounts.acting import request_time
from audit.clock import local_date
from reminders import owed
from reminders.models import ReminderRule
from reminders.queries.preview import bundles_of, counts_of, recipients_of
from reminders.queries.sight import within_sight
from reminders.sentences import sentence_of
from ui.pagination import paginate

#: So many days before and after today can be looked at.
REACH_DAYS = 2 * 366
RECIPIENTS_SHOWN = 10


@require_safe
@administrators_only
def preview(request: HttpRequest) -> HttpResponse:
    """Who would get what on the day of the address (`?day=`, today without), of all rules or of one (`?rule=`)."""
    today = local_date(request_time(request))
    day, refused_day = _asked_day(request.GET.get("day", ""), today=today)
    rule, refused_rule = _asked_rule(request.GET.get("rule", ""))
    rows = owed.rows(day, exactly=True, rule_id=rule.pk if rule else None)
    recipients = recipients_of(within_sight(rows, user=person_of(request)))
    page = paginate(request, recipients, per_page=RECIPIENTS_SHOWN)
    context = {
        "day": day,
        "today": today,
        "previous_day": str(day - timedelta(days=1)),
        "next_day": str(day + timedelta(days=1)),
        "rule": rule,
        "rule_sentence": sentence_of(rule) if rule else "",
        "refusals": [text for text in (refused_day, refused_rule) if text],
        "counts": counts_of(recipients),
        "page": page,
        "bundles": bundles_of(page.rows, today=day),
    }
    return render(request, "reminders/preview.html", context)


def _asked_day(text: str, *, today: date) -> tuple[date, str]:
    """The day that the address asks for; today, and why, where it cannot be shown."""
    if not text:
        return today, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today, _("The day was not understood. Today is shown.")
    if abs((day - today).days) > REACH_DAYS:
        return today, _("That day is more than two years away. Today is shown.")
    return day, ""


def _asked_rule(text: str) -> tuple[ReminderRule | None, str]:
    """The rule that the address asks for; none, and why, where there is no such rule."""
    if not text:
        return None, ""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
    rule = ReminderRule.objects.select_related("cycle").filter(pk=number).first()
    return rule, "" if rule else _("There is no such rule. All rules are shown.")
