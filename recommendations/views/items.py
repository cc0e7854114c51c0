"""The items of a cycle: the list, each item's page, and what has happened on it."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import person_of
from accounts.acting import request_time
from accounts.models import User
from audit import clock
from recommendations.context import cycle_query, page_cycle, set_page_cycle
from recommendations.extensions import LinkingPage as From
from recommendations.extensions import PageLink, links_on, panels_on_item
from recommendations.models import Assignment, Cycle, Item
from recommendations.queries.item_as_at import read_item_as_at
from recommendations.queries.item_history import (
    first_day_of,
    read_history,
    read_state_periods,
    timeline_segments,
)
from recommendations.queries.item_page import read_item_page
from recommendations.queries.items import ItemFilters, ItemList, read_items, read_own_items
from recommendations.states import ItemKind, Pillar, Status, item_key
from ui.days import asked_day, day_context, not_recorded
from ui.pagination import PageOfRows, paginate
from ui.query_state import QueryState

EVENTS_PER_PAGE = 30
#: The languages in which the official text can be shown.
TEXTS = ("ms", "en", "both")


@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """Show all items of the report with their accepted state; the filters are in the address.

    `?day=` shows them as they were recorded by the end of that day.
    """
    cycle, person = page_cycle(request), person_of(request)
    if cycle is None:
        return render(request, "recommendations/items.html", {"cycle": None, "sections": []})
    today = clock.local_date(request_time(request))
    day, refused = asked_day(request.GET.get("day", ""), today=today)
    filters = ItemFilters.read(request.GET)
    if not person.is_agency_actor or (day and filters.mine == "own"):
        filters = replace(filters, mine="")
    listed = _listed(cycle, person, filters, day=day)
    if day and not listed.is_known:
        refused = not_recorded(day)
        day, listed = None, _listed(cycle, person, filters, day=None)
    asked = {name: value for name, value in asdict(filters).items() if value}
    place = _place(request, day=day, **asked)
    context = {
        "cycle": cycle,
        "filters": filters,
        "own_ids": listed.own_ids,
        "sections": listed.sections,
        "owners": _owners(person, is_past=day is not None),
        "kinds": ItemKind.choices,
        "pillars": Pillar.choices,
        "statuses": Status.choices,
        "refused_day": refused,
        **day_context(place, day=day, today=today, first=first_day_of(cycle)),
    }
    return render(request, "recommendations/items.html", context)


def _listed(cycle: Cycle, person: User, filters: ItemFilters, *, day: date | None) -> ItemList:
    """Return the list as at a day, None for now; who is responsible for what is known of now alone."""
    own_ids: frozenset[int] = frozenset() if day else read_own_items(cycle, user=person)
    before = clock.end_of_day(day) if day else None
    return read_items(cycle, user=person, filters=filters, own_ids=own_ids, before=before)


def _place(request: HttpRequest, *, day: date | None, **asked: str) -> QueryState:
    """Return what the address asks for; links to other days keep it."""
    cycle = cycle_query(request).removeprefix("cycle=")
    return QueryState({"day": day.isoformat() if day else "", "cycle": cycle, **asked})


def _owners(person: User, *, is_past: bool) -> list[tuple[str, str]]:
    """Return whose items the list can be narrowed to; nothing outside agencies, where nobody is named for an item.

    Who was responsible on a past day is not recorded, so it then offers the agency alone.
    """
    if not person.is_agency_actor:
        return []
    of_agency = _("Assignments of %(agency)s") % {"agency": person.agency.code}
    return [*([] if is_past else [("own", _("My assignments"))]), ("agency", of_agency)]


@require_GET
def item(request: HttpRequest, item_id: int) -> HttpResponse:
    """Show one item: its text, what MAPO has accepted on it, and what the reader's agency does about it.

    `?day=` shows what was recorded of it by the end of that day, without anything to act on.
    """
    person = person_of(request)
    now = request_time(request)
    today, is_whole = clock.local_date(now), request.GET.get("all") == "1"
    page_number = 1 if is_whole else _page_number(request)
    turned: dict[str, Any] = {"page": page_number, "is_whole": is_whole}
    day, refused = asked_day(request.GET.get("day", ""), today=today)
    found = get_object_or_404(Item.objects.visible_to(person).select_related("cycle"), pk=item_id)
    set_page_cycle(request, found.cycle)
    before = clock.end_of_day(day) if day else None
    page = read_item_as_at(found, user=person, day=day, before=before, **turned) if day and before else None
    if page is None:
        page = read_item_page(found, user=person, today=today, **turned)
        refused, day, before = (not_recorded(day) if day else refused), None, None
    context = {
        "item": page.item,
        "page": page,
        "page_number": page_number,
        "newer": page_number - 1,
        "older": page_number + 1,
        "now": now,
        "shows_all_files": is_whole or request.GET.get("files") == "all",
        "panels": panels_on_item(page.item, user=person, before=before),
        "ways": [] if day else _ways(request, page.item),
        "edits": person.is_administrator and not page.is_past and page.item.cycle.is_editable,
        "refused_day": refused,
        **_texts(request, page.item),
        **day_context(_item_place(request, day), day=day, today=today, first=first_day_of(found.cycle)),
    }
    return render(request, "recommendations/item.html", context)


def _item_place(request: HttpRequest, day: date | None) -> QueryState:
    """Return what the address of an item asks for, which links to other days keep: the language of its text."""
    text = request.GET.get("text", "")
    return QueryState({"day": day.isoformat() if day else "", "text": text if text in TEXTS else ""})


def _ways(request: HttpRequest, found: Item) -> list[PageLink]:
    """Return links from an item that carries a state to other apps, in its own cycle."""
    if found.kind == ItemKind.ACHIEVEMENT:
        return []
    cycle = cycle_query(request).removeprefix("cycle=")
    return links_on(From.ITEM, {"cycle": cycle, "item": item_key(found.kind, found.number)})


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def _texts(request: HttpRequest, found: Item) -> dict[str, object]:
    """Return the official text in the language that `text` chooses, and the other choices; printing shows both."""
    reading = "en" if request.LANGUAGE_CODE == "en" else "ms"
    chosen = request.GET.get("text", "")
    chosen = chosen if chosen in TEXTS else reading
    first = reading if chosen == "both" else chosen
    second = "ms" if first == "en" else "en"
    whole = "&all=1" if request.GET.get("all") == "1" else ""
    day, _refused = asked_day(request.GET.get("day", ""), today=clock.local_date(request_time(request)))
    whole += f"&day={day.isoformat()}" if day else ""
    labels = {"ms": "Bahasa Melayu", "en": "English", "both": _("Both")}
    options = [
        {
            "url": f"?text={text}{whole}",
            "label": labels[text],
            "is_current": text == chosen,
            "lang": "" if text in ("both", reading) else text,
        }
        for text in TEXTS
    ]
    return {
        "text_options": options,
        "first_text": {"lang": first, "text": getattr(found, f"text_{first}")},
        "second_text": {"lang": second, "text": getattr(found, f"text_{second}")},
        "shows_both": chosen == "both",
    }


@require_GET
def item_history(request: HttpRequest, item_id: int) -> HttpResponse:
    """Show when each state of the item began, and the acts on it: all for MAPO, an agency's own for its people.

    `?day=` shows both as they were recorded by the end of that day.
    """
    person, now = person_of(request), request_time(request)
    found = get_object_or_404(Item.objects.visible_to(person).select_related("cycle"), pk=item_id)
    if found.kind == ItemKind.ACHIEVEMENT:
        raise Http404
    set_page_cycle(request, found.cycle)
    today = clock.local_date(now)
    day, refused = asked_day(request.GET.get("day", ""), today=today)
    before = clock.end_of_day(day) if day else None
    place = QueryState({"day": day.isoformat() if day else ""})
    turns = read_state_periods(found, user=person, before=before)
    events = _events(request, found, before=before)
    context = {
        "item": found,
        **day_context(place, day=day, today=today, first=first_day_of(found.cycle)),
        "refused_day": refused,
        "turns": turns[::-1],
        "line": timeline_segments(turns, until=before or now),
        "began_at": turns[0].at if turns else None,
        "events": events,
        "has_reasons": events is not None and any(event.reason for event in events.rows),
    }
    return render(request, "recommendations/item_history.html", context)


def _events(request: HttpRequest, found: Item, *, before: datetime | None) -> PageOfRows | None:
    """Return one page of the acts on the item; None for readers who may see none of them."""
    person = person_of(request)
    own = Assignment.objects.filter(item=found, agency_id=person.agency_id).exclude(confirmed_at=None)
    if not (person.is_mapo or (person.is_agency_actor and own.exists())):
        return None
    return paginate(request, read_history(found, user=person, before=before), per_page=EVENTS_PER_PAGE)
