"""The weaknesses of a cycle with what answers them, which MAPO links and unlinks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts.access import mapo_only, person_of
from accounts.acting import act_by_button, request_time
from accounts.clearance import Clearance
from accounts.models import User
from audit.clock import end_of_day, local_date
from overview.queries.weaknesses import AnsweredWeakness, WeaknessFilters, WeaknessPage, read_weaknesses
from recommendations.context import page_cycle, set_page_cycle
from recommendations.extensions import ItemPanel, panels_beside_weaknesses
from recommendations.models import Cycle, Item
from recommendations.queries.item_history import first_day_of
from recommendations.services import link_answer, unlink_answer
from recommendations.states import ItemKind, Pillar, Status
from ui.days import asked_day, day_context, not_recorded
from ui.methods import post_required
from ui.numbers import whole_number
from ui.query_state import QueryState

#: The query parameters that an act passes on to the page to which it returns.
KEPT = ("cycle", "pillar", "status")


@require_safe
def weaknesses(request: HttpRequest) -> HttpResponse:
    """Show each weakness with its answers, their states and the gap; `?day=` shows a past day."""
    return _page(request)


def _page(
    request: HttpRequest, *, refused: str = "", chosen: tuple[int, int | None] | None = None
) -> HttpResponse:
    """Render the page. `refused` says why an act was not done, `chosen` for which weakness and answer (409)."""
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
        "refused": refused,
        "chosen_weakness": chosen[0] if chosen else None,
        "chosen_answer": chosen[1] if chosen else None,
        "kept": _with_query("", kept),
        "now": request_time(request),
        "classification": _class_of(rows).label,
    }
    status = 409 if refused else 200
    return render(request, "overview/weaknesses/weaknesses.html", context, status=status)


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


@post_required
@mapo_only
def weakness_link(request: HttpRequest, weakness_id: int) -> HttpResponseBase:
    """Link the chosen item to the weakness as an answer; the toast offers to undo it."""
    return _act(
        request,
        weakness_id,
        link_answer,
        undo="overview:weakness_unlink",
        done=_("%(answer)s now answers %(weakness)s."),
    )


@post_required
@mapo_only
def weakness_unlink(request: HttpRequest, weakness_id: int) -> HttpResponseBase:
    """Remove the link between the item and the weakness; the toast offers to undo it."""
    return _act(
        request,
        weakness_id,
        unlink_answer,
        undo="overview:weakness_link",
        done=_("%(answer)s no longer answers %(weakness)s."),
    )


def _act(
    request: HttpRequest,
    weakness_id: int,
    act: Callable[..., None],
    *,
    undo: str,
    done: str,
) -> HttpResponseBase:
    """Link or unlink the chosen answer, and go back to the weakness; a refusal is shown beside it (409)."""
    weakness = get_object_or_404(Item.objects.select_related("cycle"), pk=weakness_id, kind=ItemKind.WEAKNESS)
    set_page_cycle(request, weakness.cycle)
    answer_id = whole_number(request.POST.get("answer", request.GET.get("answer", "")))
    if answer_id is None:
        refused = _("Choose a recommendation or an achievement. Nothing was changed.")
        return _page(request, refused=refused, chosen=(weakness_id, None))
    answer = Item.objects.filter(pk=answer_id).first()
    if answer is None:
        raise Http404
    undo_url = _with_query(reverse(undo, args=[weakness_id]), {**_kept(request), "answer": str(answer_id)})
    page_url = _with_query(reverse("overview:weaknesses"), _kept(request))
    return act_by_button(
        request,
        partial(act, weakness, answer=answer),
        done=done % {"answer": answer, "weakness": weakness},
        back_url=f"{page_url}#weakness-{weakness_id}",
        undo=f"undo:{undo_url}",
        on_refusal=lambda refusal: _page(request, refused=str(refusal), chosen=(weakness_id, answer_id)),
    )


def _kept(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in KEPT if request.GET.get(name)}


def _with_query(url: str, parameters: dict[str, str]) -> str:
    return f"{url}?{urlencode(parameters)}" if parameters else url
