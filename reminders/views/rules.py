"""Administrators keep the rules of each cycle: all of them as sentences, one in a form, on and off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import administrators_only
from accounts.acting import acting, post_required, posted, refused_page, request_time
from audit.clock import local_date
from audit.errors import DomainError
from recommendations.context import in_cycle, page_context, page_cycle, set_page_cycle
from recommendations.models import Cycle
from recommendations.queries.cycles import note_on
from recommendations.views.refusals import closed_page
from reminders.errors import BadRule, RuleStale
from reminders.forms.rule import RuleForm
from reminders.models import ReminderRule
from reminders.queries.rules_page import rule_groups, twin_of
from reminders.refusals import RuleValues
from reminders.sentences import sentence_of
from reminders.services.rules import add_rule, change_rule, problems_in, switch_rule


@require_safe
@administrators_only
def rules(request: HttpRequest) -> HttpResponse:
    """The rules of one cycle by their date, each as a sentence."""
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
    """The way to the same page of each cycle; none while there is only one."""
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
    """A new rule for the cycle that the page speaks of."""
    cycle = page_cycle(request)
    if cycle is None:
        raise Http404
    set_page_cycle(request, cycle)
    if cycle.is_closed:
        return closed_page(request)
    form = RuleForm(posted(request), cancel_url=_list_of(request))
    return _handle(request, form, cycle=cycle, rule=None)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def rule(request: HttpRequest, rule_id: int) -> HttpResponseBase:
    """One rule, to be changed."""
    found = _found(request, rule_id)
    if found.cycle.is_closed:
        return closed_page(request)
    form = RuleForm(posted(request), values=RuleValues.of(found), cancel_url=_list_of(request))
    return _handle(request, form, cycle=found.cycle, rule=found)


def _found(request: HttpRequest, rule_id: int) -> ReminderRule:
    found = get_object_or_404(ReminderRule.objects.select_related("cycle"), pk=rule_id)
    set_page_cycle(request, found.cycle)
    return found


def _list_of(request: HttpRequest) -> str:
    return in_cycle(request, reverse("reminders:rules"))


def _handle(
    request: HttpRequest, form: RuleForm, *, cycle: Cycle, rule: ReminderRule | None
) -> HttpResponseBase:
    """Save what a valid form asks for, or say what it would do; else show it with what was refused."""
    if not form.is_valid():
        return _show(request, form, cycle=cycle, rule=rule)
    wanted, said = form.values(), ""
    form.tell(problems_in(cycle, wanted, rule=rule))
    if form.is_valid():
        said = sentence_of(wanted)
        if request.POST.get("act") != "look":
            try:
                _save(request, wanted, form.cleaned_data["seen"], cycle=cycle, rule=rule)
            except RuleStale as stale:
                return _show_stale(request, stale, cycle=cycle, rule=rule)
            except BadRule as bad:
                form.tell(bad.problems)
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The rule is saved."))
                return redirect(_list_of(request))
    if form.errors:
        twin = twin_of(wanted, cycle=cycle, rule=rule) if "first_number" in form.errors else None
        return _show(request, form, cycle=cycle, rule=rule, twin=twin)
    return _show(request, form, cycle=cycle, rule=rule, said=said)


def _save(
    request: HttpRequest, wanted: RuleValues, seen: str, *, cycle: Cycle, rule: ReminderRule | None
) -> ReminderRule:
    if rule is None:
        return add_rule(cycle, wanted=wanted, **acting(request))
    return change_rule(rule, seen=seen, wanted=wanted, **acting(request))


def _show(
    request: HttpRequest, form: RuleForm, *, cycle: Cycle, rule: ReminderRule | None, **extra: Any
) -> HttpResponse:
    context = {
        "cycle": cycle,
        "rule": rule,
        "form": form,
        "back_url": _list_of(request),
        "now_says": sentence_of(rule) if rule else "",
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
    """What was typed, on the mark of what stands now, which is shown: saving again is a decision in sight of it."""
    data = request.POST.copy()
    data["seen"] = stale.current.mark
    form = RuleForm(data, cancel_url=_list_of(request))
    form.is_valid()
    return _show(request, form, cycle=cycle, rule=rule, stale=str(stale), now_says=sentence_of(stale.current))


@post_required
@administrators_only
def rule_switch(request: HttpRequest, rule_id: int) -> HttpResponseBase:
    """Switch a rule on or off (`?to=on`, `?to=off`); the toast takes it back."""
    found, to = _found(request, rule_id), request.GET.get("to")
    if to not in ("on", "off"):
        raise Http404
    try:
        switch_rule(found, is_on=to == "on", **acting(request))
    except DomainError as error:
        return refused_page(request, error)
    done = (
        _("The rule is switched on.") if to == "on" else _("The rule is switched off: it says nothing more.")
    )
    back = reverse("reminders:rule_switch", args=[found.pk]) + f"?to={'off' if to == 'on' else 'on'}"
    messages.success(request, done, extra_tags=f"undo:{back}")
    return redirect(_list_of(request))
