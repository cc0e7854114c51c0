"""MAPO sets and ends targets, and revises figures that were reported."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import mapo_only, person_of
from accounts.acting import act_by_form, posted
from indicators.forms.target import RevisionForm, TargetForm
from indicators.models import Figure, Indicator, Target
from indicators.services.revisions import revise_figure
from indicators.services.targets import end_target, set_target
from indicators.views.loading import keep_url, loaded_indicator
from privacy.forms import ReasonForm
from recommendations.context import set_page_cycle
from recommendations.models import Cycle
from recommendations.states import REASON_LENGTH
from recommendations.views.loading import closed_page


def _loaded(request: HttpRequest, code: str, year: int) -> tuple[Indicator, Cycle, Target | None]:
    """Return an indicator, the cycle of a year, and the target that stands for both. Raises `Http404`."""
    indicator, cycle = loaded_indicator(request, code), get_object_or_404(Cycle, year=year)
    set_page_cycle(request, cycle)
    targets = Target.objects.visible_to(person_of(request)).standing()
    return indicator, cycle, targets.filter(indicator=indicator, cycle=cycle).first()


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def target_set(request: HttpRequest, code: str, year: int) -> HttpResponseBase:
    """Set what an indicator shall reach in a cycle; one that stands is replaced."""
    indicator, cycle, standing = _loaded(request, code, year)
    if cycle.is_closed:
        return closed_page(request)
    back_url = keep_url(request, code)
    form = TargetForm(
        posted(request), indicator=indicator, cycle=cycle, standing=standing, cancel_url=back_url
    )
    title = _("Change the target") if standing else _("Set a target")
    return act_by_form(
        request,
        form,
        act=partial(set_target, indicator, cycle),
        done=_("The target was set."),
        back_url=back_url,
        template="indicators/keep/form.html",
        context=_context(indicator, title, back_url, cycle=cycle),
        error_status=422,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def target_end(request: HttpRequest, code: str, year: int) -> HttpResponseBase:
    """End the target that stands, with a reason."""
    indicator, cycle, standing = _loaded(request, code, year)
    if cycle.is_closed:
        return closed_page(request)
    if standing is None:
        raise Http404
    back_url, title = keep_url(request, code), _("End the target")
    about: dict[str, Any] = {
        "tone": "danger",
        "hint": _("Kept with the target. The agency that answers for the figures reads it, and MAPO."),
        "max_length": REASON_LENGTH,
        "cancel": _("Back"),
    }
    return act_by_form(
        request,
        ReasonForm(posted(request), verb=title, cancel_url=back_url, **about),
        act=partial(end_target, standing),
        done=_("The target was ended."),
        back_url=back_url,
        template="indicators/keep/form.html",
        context=_context(indicator, title, back_url, cycle=cycle),
        error_status=422,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def figure_revise(request: HttpRequest, code: str, figure_id: int) -> HttpResponseBase:
    """Revise a reported figure, with a reason; what a source printed stays as printed."""
    indicator = loaded_indicator(request, code)
    known = Figure.objects.visible_to(person_of(request)).select_related("series__indicator")
    figure = get_object_or_404(known.filter(series__indicator=indicator), pk=figure_id)
    back_url, title = keep_url(request, code), _("Revise the figure")
    return act_by_form(
        request,
        RevisionForm(posted(request), figure=figure, cancel_url=back_url),
        act=partial(revise_figure, figure),
        done=_("The figure was revised."),
        back_url=back_url,
        template="indicators/keep/form.html",
        context=_context(indicator, title, back_url, figure=figure),
        error_status=422,
    )


def _context(
    indicator: Indicator,
    title: str,
    back_url: str,
    *,
    cycle: Cycle | None = None,
    figure: Figure | None = None,
) -> dict[str, Any]:
    """Return what the page of an act shows beside its form: what of the indicator it is about."""
    about = {"kicker": cycle, "figure": figure}
    return {"indicator": indicator, "title": title, "back_url": back_url, **about}
