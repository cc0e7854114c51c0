"""What the rules would send on any day, for the administrators who edit them."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import administrators_only, person_of
from accounts.acting import request_time
from audit.clock import local_date
from reminders.due.reminders import due_reminders
from reminders.models.rule import ReminderRule
from reminders.queries.clearance import within_clearance
from reminders.queries.preview import count_preview, describe_preview, group_by_recipient
from reminders.rules.wording import describe_rule
from ui.numbers import whole_number
from ui.pagination import paginate

#: So many days before and after today can be previewed.
REACH_DAYS = 2 * 366
RECIPIENTS_SHOWN = 10


@require_safe
@administrators_only
def preview(request: HttpRequest) -> HttpResponse:
    """Show who would get what on a day (`?day=`, else today), by all rules or by one (`?rule=`)."""
    today = local_date(request_time(request))
    day, day_refusal = _asked_day(request.GET.get("day", ""), today=today)
    rule, rule_refusal = _asked_rule(request.GET.get("rule", ""))
    rows = due_reminders(day, exactly=True, rule_id=rule.pk if rule else None)
    recipients = group_by_recipient(within_clearance(rows, user=person_of(request)))
    page = paginate(request, recipients, per_page=RECIPIENTS_SHOWN)
    context = {
        "day": day,
        "today": today,
        "previous_day": str(day - timedelta(days=1)),
        "next_day": str(day + timedelta(days=1)),
        "rule": rule,
        "rule_sentence": describe_rule(rule) if rule else "",
        "refusals": [text for text in (day_refusal, rule_refusal) if text],
        "counts": count_preview(recipients),
        "page": page,
        "recipients": describe_preview(page.rows, today=day),
    }
    return render(request, "reminders/preview.html", context)


def _asked_day(text: str, *, today: date) -> tuple[date, str]:
    """Return the day that the address asks for; else today, and why it is shown."""
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
    """Return the rule that the address asks for; or None, and that there is no such rule."""
    if not text:
        return None, ""
    rule = ReminderRule.objects.select_related("cycle").filter(pk=whole_number(text) or 0).first()
    return rule, "" if rule else _("There is no such rule. All rules are shown.")
