"""The pages of MAPO's data officer: what is hidden, by whom and why; hiding more; showing again."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.acting import act_by_form, acting, posted
from audit.refusals import only_for
from identities.forms import HideForm, LiftDecisionForm, RegisterFilter
from identities.models import LiftRequest
from identities.permissions import may_decide_on, may_hide_words
from identities.queries import mark_lines, marks_like
from identities.services import ask_lift, decide_lift, hide_words
from privacy.forms import ReasonForm
from privacy.models import IdentityMark
from ui.numbers import number
from ui.pagination import paginate
from ui.recent_proof import requires_recent_proof

ROWS_PER_PAGE = 50
data_officers_only = only_for(may_hide_words)


@data_officers_only
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Show which texts have hidden words, the newest first, filtered as asked."""
    form = RegisterFilter(request.GET)
    marks = marks_like(form.cleaned_data) if form.is_valid() else IdentityMark.objects.none()
    page = paginate(request, marks, ROWS_PER_PAGE)
    is_asked = any(request.GET.get(name) for name in form.fields)
    context = {"form": form, "page": page, "lines": mark_lines(page.rows), "is_asked": is_asked}
    return render(request, "identities/register.html", context)


@data_officers_only
@require_http_methods(["GET", "POST"])
def hide(request: HttpRequest) -> HttpResponseBase:
    """Hide words wherever they stand."""
    back_url = reverse("identities:register")
    return act_by_form(
        request,
        HideForm(posted(request), cancel_url=back_url),
        act=hide_words,
        done=_told,
        back_url=back_url,
        template="identities/hide.html",
        context={"back_url": back_url},
        error_field="words",
        error_status=422,
    )


def _told(count: Any) -> str:
    text = ngettext("Hidden in %(count)s text.", "Hidden in %(count)s texts.", count)
    return text % {"count": number(count)}


@data_officers_only
@require_GET
def mark(request: HttpRequest, mark_id: int) -> HttpResponse:
    """Show one text with hidden words: where, by whom, why, and what was proposed about it."""
    found = get_object_or_404(marks_like({}), pk=mark_id)
    return render(request, "identities/mark.html", _context(request, found))


def _context(request: HttpRequest, found: Any) -> dict[str, Any]:
    [line] = mark_lines([found])
    asked = LiftRequest.objects.filter(mark__sha256=found.sha256).select_related("asked_by", "decided_by")
    open_one = next((each for each in asked if each.decided_at is None), None)
    return {
        "back_url": reverse("identities:mark", args=[found.pk]),
        "line": line,
        "asked": asked,
        "open": open_one,
        "may_decide": open_one is not None
        and may_decide_on(**acting(request), asked_by_id=open_one.asked_by_id),
    }


@data_officers_only
@require_http_methods(["GET", "POST"])
@requires_recent_proof
def lift(request: HttpRequest, mark_id: int) -> HttpResponseBase:
    """Propose that a text is shown whole again."""
    found = get_object_or_404(marks_like({}), pk=mark_id)
    back_url = reverse("identities:mark", args=[found.pk])
    return act_by_form(
        request,
        ReasonForm(posted(request), verb=_("Propose to show it again"), cancel_url=back_url),
        act=partial(ask_lift, found),
        done=_("Proposed. Another administrator decides."),
        back_url=back_url,
        template="identities/lift.html",
        context=_context(request, found),
        error_status=422,
    )


@data_officers_only
@require_http_methods(["GET", "POST"])
@requires_recent_proof(form=LiftDecisionForm)
def decide(request: HttpRequest, mark_id: int) -> HttpResponseBase:
    """Decide on a proposal: its button says whether the text is shown again."""
    found = get_object_or_404(marks_like({}), pk=mark_id)
    back_url = reverse("identities:mark", args=[found.pk])
    context = _context(request, found)
    if not context["may_decide"]:
        messages.info(request, _("There is nothing here for you to decide."))
        return redirect(back_url)
    return act_by_form(
        request,
        LiftDecisionForm(posted(request), cancel_url=back_url),
        act=partial(decide_lift, context["open"]),
        done=_("Decided."),
        back_url=back_url,
        template="identities/decide.html",
        context=context,
        error_status=422,
    )
