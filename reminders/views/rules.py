"""Administrators edit the rules of each cycle and the days off, and preview what the rules would send."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import administrators_only, person_of
from accounts.acting import (
    act_by_button,
    act_by_form,
    add_refusal,
    attempt,
    posted,
    request_time,
    say_and_go,
    undo_by,
)
from audit.clock import local_date
from audit.errors import Stale
from recommendations.context import in_cycle, page_context, page_cycle, set_page_cycle
from recommendations.models import Cycle
from recommendations.queries.cycles import note_on
from recommendations.views.loading import closed_page
from reminders.due.preview_tables import PreviewRule, PreviewTables
from reminders.due.reminders import DueReminder, coming_reminders, due_reminders
from reminders.forms import DayOffForm, RuleForm
from reminders.models import DayOff, ReminderRule
from reminders.queries.clearance import within_clearance
from reminders.queries.coming import RECIPIENTS_LISTED, RulePreview, describe_coming
from reminders.queries.preview import describe_preview
from reminders.queries.recipients import count_preview, group_by_recipient
from reminders.queries.rules_page import find_twin, rule_groups
from reminders.rules.checks import RuleValues
from reminders.rules.wording import describe_rule
from reminders.services.days_off import add_day_off, put_back_day_off, remove_day_off
from reminders.services.rules import add_rule, change_rule, problems_in_cycle, switch_rule
from ui import dates
from ui.methods import post_required
from ui.numbers import whole_number
from ui.pagination import paginate
from ui.recent_proof import requires_recent_proof
from ui.typed_days import day_or_none


@require_safe
@administrators_only
def rules(request: HttpRequest) -> HttpResponse:
    """List the rules of one cycle by their date, each as sentences."""
    cycle = page_cycle(request)
    context = {
        "cycle": cycle,
        "cycle_note": note_on(cycle, local_date(request_time(request))) if cycle else "",
        "cycle_choices": _cycle_choices(request, cycle),
        "groups": rule_groups(cycle) if cycle else [],
        "is_open": cycle is not None and not cycle.is_closed,
    }
    return render(request, "reminders/rules.html", context)


def _cycle_choices(request: HttpRequest, current: Cycle | None) -> list[dict[str, Any]]:
    """Return links to this page for each cycle; none while there is only one."""
    cycles = page_context(request).cycles
    if len(cycles) < 2:
        return []
    here = reverse("reminders:rules")
    return [
        {"url": f"{here}?cycle={cycle.year}", "label": str(cycle), "is_current": cycle == current}
        for cycle in cycles
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
@requires_recent_proof(form=RuleForm)
def rule_add(request: HttpRequest) -> HttpResponseBase:
    """Add a rule to the cycle of the page."""
    cycle = page_cycle(request)
    if cycle is None:
        raise Http404
    set_page_cycle(request, cycle)
    if cycle.is_closed:
        return closed_page(request)
    form = RuleForm(posted(request), cancel_url=_list_url(request))
    return _save_or_show(request, form, cycle=cycle, rule=None)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
@requires_recent_proof(form=RuleForm)
def rule(request: HttpRequest, rule_id: int) -> HttpResponseBase:
    """Change a rule."""
    found = _load_rule(request, rule_id)
    if found.cycle.is_closed:
        return closed_page(request)
    form = RuleForm(posted(request), values=RuleValues.of(found), cancel_url=_list_url(request))
    return _save_or_show(request, form, cycle=found.cycle, rule=found)


def _load_rule(request: HttpRequest, rule_id: int) -> ReminderRule:
    """Return the rule, and make its cycle that of the page; 404 if there is none."""
    found = get_object_or_404(ReminderRule.objects.select_related("cycle"), pk=rule_id)
    set_page_cycle(request, found.cycle)
    return found


def _list_url(request: HttpRequest) -> str:
    return in_cycle(request, reverse("reminders:rules"))


def _save_or_show(
    request: HttpRequest, form: RuleForm, *, cycle: Cycle, rule: ReminderRule | None
) -> HttpResponseBase:
    """Save a valid form, or show what it would do (`act=look`); else show it with what is wrong."""
    if not form.is_valid():
        return _show(request, form, cycle=cycle, rule=rule)
    wanted = form.values()
    for name, problem in problems_in_cycle(cycle, wanted, rule=rule).items():
        form.add_error(name, problem)
    if form.is_valid() and request.POST.get("act") == "look":
        return _show(request, form, cycle=cycle, rule=rule, wanted=wanted)
    if form.is_valid():
        outcome = attempt(request, _save(form, cycle=cycle, rule=rule))
        if outcome.is_done:
            back_url = _list_url(request)
            return say_and_go(request, outcome.result, done=_("The rule was saved."), back_url=back_url)
        if isinstance(outcome.refusal, Stale):
            return _show_stale(request, outcome.refusal, cycle=cycle, rule=rule)
        if outcome.refusal is not None:
            add_refusal(form, outcome.refusal)
    twin = find_twin(wanted, cycle=cycle, rule=rule) if "first_days" in form.errors else None
    twin_says = describe_rule(twin) if twin else ""
    return _show(request, form, cycle=cycle, rule=rule, twin=twin, twin_says=twin_says)


def _save(form: RuleForm, *, cycle: Cycle, rule: ReminderRule | None) -> Callable[..., ReminderRule]:
    """Return the act that saves a valid form; it takes the actor and the time."""
    if rule is None:
        return partial(add_rule, cycle, wanted=form.values())
    return partial(change_rule, rule, seen=form.cleaned_data["seen"], wanted=form.values())


def _show(
    request: HttpRequest,
    form: RuleForm,
    *,
    cycle: Cycle,
    rule: ReminderRule | None,
    wanted: RuleValues | None = None,
    **extra: Any,
) -> HttpResponse:
    """Show the form with the next reminders of `wanted`, which is not saved, or else of the rule as it is saved."""
    supposed = _supposed(rule, cycle=cycle, wanted=wanted)
    context = {
        "preview": _preview_rule(request, supposed) if supposed else None,
        "cycle": cycle,
        "rule": rule,
        "form": form,
        "back_url": _list_url(request),
        "now_says": describe_rule(rule) if rule else "",
        "stale": "",
        "said": describe_rule(wanted) if wanted else "",
        "twin": None,
        "twin_says": "",
        **extra,
    }
    status = 409 if context["stale"] else 422 if form.errors else 200
    return render(request, "reminders/rule.html", context, status=status)


def _preview_rule(request: HttpRequest, supposed: PreviewRule) -> RulePreview:
    """Return what the rule does next, from today on."""
    today = local_date(request_time(request))
    coming = coming_reminders(supposed, today=today, enough=RECIPIENTS_LISTED)
    return describe_coming(coming, rule=supposed.as_rule(), reader=person_of(request))


def _supposed(rule: ReminderRule | None, *, cycle: Cycle, wanted: RuleValues | None) -> PreviewRule | None:
    """Return the rule to preview; None for a new one of which nothing is known yet."""
    if rule is None:
        return PreviewRule(wanted, cycle) if wanted else None
    return PreviewRule(wanted or RuleValues.of(rule), cycle, rule.pk)


def _show_stale(
    request: HttpRequest, stale: Stale, *, cycle: Cycle, rule: ReminderRule | None
) -> HttpResponse:
    """Show what was typed, marked with the rule as it is now, which is shown too: saving again overwrites it."""
    data = request.POST.copy()
    data["seen"] = stale.current.mark
    form = RuleForm(data, cancel_url=_list_url(request))
    form.is_valid()
    now_says = describe_rule(stale.current)
    return _show(request, form, cycle=cycle, rule=rule, stale=str(stale), now_says=now_says)


@post_required
@administrators_only
@requires_recent_proof
def rule_switch(request: HttpRequest, rule_id: int) -> HttpResponseBase:
    """Switch a rule on or off (`?to=on`, `?to=off`); the toast undoes it."""
    found, to = _load_rule(request, rule_id), request.GET.get("to")
    if to not in ("on", "off"):
        raise Http404
    is_on = to == "on"
    back = reverse("reminders:rule_switch", args=[found.pk]) + f"?to={'off' if is_on else 'on'}"
    return act_by_button(
        request,
        partial(switch_rule, found, is_on=is_on),
        done=_("The rule was switched on.")
        if is_on
        else _("The rule was switched off: it sends no more reminders."),
        undo=f"undo:{back}",
        back_url=_list_url(request),
    )


#: So many days after today can be previewed.
REACH_DAYS = 2 * 366
RECIPIENTS_SHOWN = 10


@require_safe
@administrators_only
def preview(request: HttpRequest) -> HttpResponse:
    """Show who gets what today or on a later day (`?day=`), by all rules or by one (`?rule=`)."""
    today = local_date(request_time(request))
    day, day_refusal = _asked_day(request.GET, today=today)
    rule, rule_refusal = _asked_rule(request.GET.get("rule", ""))
    found = within_clearance(_reminders_on(day, rule), user=person_of(request))
    recipients = group_by_recipient(found)
    page = paginate(request, recipients, per_page=RECIPIENTS_SHOWN)
    context = {
        "day": day,
        "today": today,
        "previous_day": str(day - timedelta(days=1)) if day > today else "",
        "next_day": str(day + timedelta(days=1)),
        "rule": rule,
        "rule_sentence": describe_rule(rule) if rule else "",
        "refusals": [text for text in (day_refusal, rule_refusal) if text],
        "counts": count_preview(recipients),
        "page": page,
        "recipients": describe_preview(page.rows, today=day),
    }
    return render(request, "reminders/preview.html", context)


def _reminders_on(day: date, rule: ReminderRule | None) -> Iterable[DueReminder]:
    """Return what falls on a day, by what is recorded now."""
    if rule is None:
        return due_reminders(day, exactly=True)
    if not rule.is_on:
        return []
    supposed = PreviewTables(PreviewRule(RuleValues.of(rule), rule.cycle, rule.pk))
    return due_reminders(day, exactly=True, supposed=supposed)


def _asked_day(asked: QueryDict, *, today: date) -> tuple[date, str]:
    """Return the day that the address asks for; else the day that was shown, or today, and why it is shown."""
    text = asked.get("day", "")
    day = day_or_none(text) if text else today
    if day is not None and _is_in_reach(day, today=today):
        return day, ""
    shown = day_or_none(asked.get("shown", ""))
    if shown is None or not _is_in_reach(shown, today=today):
        shown = today
    words = {"day": _("Today") if shown == today else dates.day(shown)}
    if day is None:
        return shown, _("The date is not valid. %(day)s is shown.") % words
    if day < today:
        return shown, _("What was sent on earlier days is under Delivery. %(day)s is shown.") % words
    return shown, _("That day is more than two years away. %(day)s is shown.") % words


def _is_in_reach(day: date, *, today: date) -> bool:
    return 0 <= (day - today).days <= REACH_DAYS


def _asked_rule(text: str) -> tuple[ReminderRule | None, str]:
    """Return the rule that the address asks for; or None, and that there is no such rule."""
    if not text:
        return None, ""
    rule = ReminderRule.objects.select_related("cycle").filter(pk=whole_number(text) or 0).first()
    return rule, "" if rule else _("There is no such rule. All rules are shown.")


#: The most past days that the page shows.
PAST_SHOWN = 30


def _added(day_off: DayOff) -> str:
    return _("%(day)s is now a day off.") % {"day": dates.day(day_off.day)}


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
        done=_("%(day)s is no longer a day off.") % {"day": dates.day(found.day)},
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
