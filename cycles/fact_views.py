"""The pages on which administrators add, change and withdraw facts of a cycle."""

from functools import partial

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import administrators_only
from accounts.acting import act_by_form, posted
from cycles.fact_forms import FactForm
from cycles.facts import WrittenFact, add_fact, change_fact, withdraw_fact
from privacy.forms import IN_THE_TRAIL, ReasonForm
from recommendations.context import set_page_cycle
from recommendations.models import Cycle, CycleFact
from recommendations.states import REASON_LENGTH
from recommendations.views.loading import closed_page


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def fact_add(request: HttpRequest, year: int) -> HttpResponseBase:
    """Add a fact of the cycle, with a reason."""
    cycle = get_object_or_404(Cycle, year=year)
    set_page_cycle(request, cycle)
    if not cycle.is_editable:
        return closed_page(request)
    back_url = reverse("cycles:cycle", args=[year])
    return act_by_form(
        request,
        FactForm(posted(request), items=list(cycle.items.in_order()), cancel_url=back_url),
        act=lambda seen, **values: add_fact(cycle, **values),
        done=lambda fact: _("“%(title)s” was added to the cycle’s page.") % {"title": fact.title},
        back_url=lambda fact: f"{back_url}#fact-{fact.pk}",
        template="cycles/fact.html",
        context={"cycle": cycle, "fact": None, "back_url": back_url, "title": _("Add a fact")},
        error_status=422,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def fact_change(request: HttpRequest, year: int, fact_id: int) -> HttpResponseBase:
    """Change a fact of the cycle and the items that it concerns, with a reason."""
    fact = _loaded(request, year, fact_id)
    if not fact.cycle.is_editable:
        return closed_page(request)
    back_url = _place_of(fact)
    form = FactForm(
        posted(request),
        items=list(fact.cycle.items.in_order()),
        held=WrittenFact.of(fact),
        cancel_url=back_url,
    )
    return act_by_form(
        request,
        form,
        act=partial(change_fact, fact),
        done=_("The fact was changed."),
        back_url=back_url,
        template="cycles/fact.html",
        context={"cycle": fact.cycle, "fact": fact, "back_url": back_url, "title": _("Change a fact")},
        error_status=422,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def fact_withdraw(request: HttpRequest, year: int, fact_id: int) -> HttpResponseBase:
    """Take a fact from the cycle's page, with a reason; it is kept."""
    fact = _loaded(request, year, fact_id)
    if not fact.cycle.is_editable:
        return closed_page(request)
    back_url = _place_of(fact)
    form = ReasonForm(
        posted(request),
        verb=_("Withdraw the fact"),
        tone="danger",
        cancel_url=back_url,
        hint=IN_THE_TRAIL,
        max_length=REASON_LENGTH,
    )
    return act_by_form(
        request,
        form,
        act=partial(withdraw_fact, fact),
        done=_("The fact was withdrawn."),
        back_url=reverse("cycles:cycle", args=[year]),
        template="cycles/fact_withdraw.html",
        context={"cycle": fact.cycle, "fact": fact, "back_url": back_url},
        error_status=422,
    )


def _loaded(request: HttpRequest, year: int, fact_id: int) -> CycleFact:
    """Return a fact that stands on the cycle's page. Raises `Http404`."""
    rows = CycleFact.objects.shown().select_related("cycle")
    fact = get_object_or_404(rows, pk=fact_id, cycle__year=year)
    set_page_cycle(request, fact.cycle)
    return fact


def _place_of(fact: CycleFact) -> str:
    return f"{reverse('cycles:cycle', args=[fact.cycle.year])}#fact-{fact.pk}"
