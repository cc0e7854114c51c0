"""Administrators edit the rules of each cycle: a list of sentences, a form for one, a switch."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import administrators_only
from accounts.acting import (
    act_by_button,
    add_refusal,
    attempt,
    post_required,
    posted,
    request_time,
    say_and_go,
)
from audit.clock import local_date
from recommendations.context import in_cycle, page_context, page_cycle, set_page_cycle
from recommendations.models import Cycle
from recommendations.queries.cycles import note_on
from recommendations.views.loading import closed_page
from reminders.errors import RuleStale
from reminders.forms.rule import RuleForm
from reminders.models.rule import ReminderRule
from reminders.queries.rules_page import find_twin, rule_groups
from reminders.rules.checks import RuleValues
from reminders.rules.wording import describe_rule
from reminders.services.rules import add_rule, change_rule, problems_in_cycle, switch_rule


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
        return _show(request, form, cycle=cycle, rule=rule, said=describe_rule(wanted))
    if form.is_valid():
        outcome = attempt(request, _save(form, cycle=cycle, rule=rule))
        if outcome.is_done:
            back_url = _list_url(request)
            return say_and_go(request, outcome.result, done=_("The rule is saved."), back_url=back_url)
        if isinstance(outcome.refusal, RuleStale):
            return _show_stale(request, outcome.refusal, cycle=cycle, rule=rule)
        if outcome.refusal is not None:
            add_refusal(form, outcome.refusal)
    twin = find_twin(wanted, cycle=cycle, rule=rule) if "first_days" in form.errors else None
    return _show(request, form, cycle=cycle, rule=rule, twin=twin)


def _save(form: RuleForm, *, cycle: Cycle, rule: ReminderRule | None) -> Callable[..., ReminderRule]:
    """Return the act that saves a valid form; it takes the actor and the time."""
    if rule is None:
        return partial(add_rule, cycle, wanted=form.values())
    return partial(change_rule, rule, seen=form.cleaned_data["seen"], wanted=form.values())


def _show(
    request: HttpRequest, form: RuleForm, *, cycle: Cycle, rule: ReminderRule | None, **extra: Any
) -> HttpResponse:
    context = {
        "cycle": cycle,
        "rule": rule,
        "form": form,
        "back_url": _list_url(request),
        "now_says": describe_rule(rule) if rule else "",
        "stale": "",
        "said": "",
        "twin": None,
        **extra,
    }
    status = 409 if context["stale"] else 422 if form.errors else 200
    return render(request, "reminders/rule.html", context, status=status)


def _show_stale(
    request: HttpRequest, stale: RuleStale, *, cycle: Cycle, rule: ReminderRule | None
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
        done=_("The rule is switched on.") if is_on else _("The rule is switched off: it says nothing more."),
        undo=f"undo:{back}",
        back_url=_list_url(request),
    )
