"""The weaknesses of a cycle with what answers them, which MAPO links and unlinks."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import mapo_only, person_of
from accounts.acting import posted, request_time
from accounts.clearance import Clearance
from accounts.models import User
from audit.clock import end_of_day, local_date
from overview.forms import WeaknessAnswerForm
from overview.queries.weaknesses import AnsweredWeakness, WeaknessFilters, WeaknessPage, read_weaknesses
from privacy.forms import ReasonForm
from recommendations.context import page_cycle, set_page_cycle
from recommendations.extensions import ItemPanel, panels_beside_weaknesses
from recommendations.models import Cycle, Item
from recommendations.queries.item_history import first_day_of
from recommendations.services import link_answer, unlink_answer
from recommendations.states import ItemKind, Pillar, Status
from recommendations.views.loading import form_page
from ui.days import asked_day, day_context, not_recorded
from ui.query_state import QueryState

#: The query parameters that an act passes on to the page to which it returns.
KEPT = ("cycle", "pillar", "status")


@require_safe
def weaknesses(request: HttpRequest) -> HttpResponse:
    """Show each weakness with its answers, their states and the gap; `?day=` shows a past day."""
    cycle = page_cycle(request)
    if cycle is None:
        return render(request, "overview/empty.html", {"heading": pgettext("items", "Weaknesses")})
    person, filters = person_of(request), WeaknessFilters.read(request.GET)
    today = local_date(request_time(request))
    day, refused_day = asked_day(request.GET.get("day", ""), today=today)
    before = end_of_day(day) if day else None
    page = read_weaknesses(cycle, user=person, filters=filters, before=before)
    if day and not page.is_known:
        refused_day = not_recorded(day)
        day, page = None, read_weaknesses(cycle, user=person, filters=filters)
    rows = _with_panels(cycle, page, person, before=end_of_day(day) if day else None)
    kept = _kept(request)
    place = QueryState({"day": day.isoformat() if day else "", **kept})
    context = {
        "cycle": cycle,
        "page": page,
        "rows": rows,
        "filters": filters,
        "pillars": Pillar.choices,
        "statuses": Status.choices,
        **day_context(place, day=day, today=today, first=first_day_of(cycle)),
        "refused_day": refused_day,
        "may_link": person.is_mapo and day is None and not cycle.is_closed,
        "kept": _with_query("", kept),
        "now": request_time(request),
        "classification": _class_of(rows).label,
    }
    return render(request, "overview/weaknesses/weaknesses.html", context)


def _with_panels(
    cycle: Cycle, page: WeaknessPage, person: User, *, before: datetime | None
) -> list[tuple[AnsweredWeakness, list[ItemPanel]]]:
    """Return the rows, each with what other apps show beside its weakness."""
    ids = [row.weakness.item_id for row in page.rows]
    panels = panels_beside_weaknesses(cycle, ids, user=person, before=before) if ids else {}
    return [(row, panels.get(row.weakness.item_id, [])) for row in page.rows]


def _class_of(rows: list[tuple[AnsweredWeakness, list[ItemPanel]]]) -> Clearance:
    """Return the class of the page: the highest of what stands beside a weakness."""
    return max((panel.classification for _row, panels in rows for panel in panels), default=Clearance.OPEN)


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def weakness_link(request: HttpRequest, weakness_id: int) -> HttpResponseBase:
    """Link a recommendation or an achievement to the weakness as an answer, with a reason."""
    weakness = _loaded(request, weakness_id)
    page_url = _page_url(request, weakness)
    return form_page(
        request,
        WeaknessAnswerForm(posted(request), weakness=weakness, cancel_url=page_url),
        act=partial(link_answer, weakness),
        done=lambda answer: (
            _("%(answer)s now answers %(weakness)s.") % {"answer": answer, "weakness": weakness}
        ),
        back_url=page_url,
        title=_("Add an answer"),
        item=weakness,
        who="MAPO",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def weakness_unlink(request: HttpRequest, weakness_id: int, answer_id: int) -> HttpResponseBase:
    """Remove the link between an item and the weakness that it answers, with a reason."""
    weakness = _loaded(request, weakness_id)
    answer = get_object_or_404(Item, pk=answer_id, cycle=weakness.cycle_id)
    page_url = _page_url(request, weakness)
    told = {"answer": answer, "weakness": weakness}
    return form_page(
        request,
        ReasonForm(posted(request), verb=_("Remove the answer"), cancel_url=page_url),
        act=partial(unlink_answer, weakness, answer=answer),
        done=_("%(answer)s no longer answers %(weakness)s.") % told,
        back_url=page_url,
        title=_("Remove an answer"),
        item=weakness,
        who="MAPO",
        note=answer.heading,
    )


def _loaded(request: HttpRequest, weakness_id: int) -> Item:
    """Return the weakness of the address; 404 where it is none."""
    weakness = get_object_or_404(Item.objects.select_related("cycle"), pk=weakness_id, kind=ItemKind.WEAKNESS)
    set_page_cycle(request, weakness.cycle)
    return weakness


def _page_url(request: HttpRequest, weakness: Item) -> str:
    """Return the address of the weakness on the page, with the filters that stand in the address."""
    return f"{_with_query(reverse('overview:weaknesses'), _kept(request))}#weakness-{weakness.pk}"


def _kept(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in KEPT if request.GET.get(name)}


def _with_query(url: str, parameters: dict[str, str]) -> str:
    return f"{url}?{urlencode(parameters)}" if parameters else url
