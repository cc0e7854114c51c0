"""The search page."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET

from accounts.access import person_of
from accounts.models import Agency
from recommendations.context import page_context, page_cycle
from recommendations.models import Cycle
from search.queries.found import MOST, Found, Narrowing
from search.queries.results import (
    ALL,
    PAGE_SIZE,
    Results,
    labels,
    read_results,
    read_search_context,
)
from search.queries.suggestions import read_suggestions, too_little_text
from search.question import MAX_CHARACTERS, read_question, short_words_text
from ui.numbers import number
from ui.pagination import paginate


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show everything that answers `q` and that the person may see; `kind`, `agency` and `cycle` narrow it."""
    person = person_of(request)
    question = read_question(request.GET.get("q", ""))
    cycles, cycle = page_context(request).cycles, page_context(request).asked
    around = read_search_context(cycles)
    agencies = list(around.agencies.values())
    agency = next((each for each in agencies if each.code == request.GET.get("agency")), None)
    narrowing = Narrowing(agency.pk if agency else 0, cycle.pk if cycle else 0)
    kind = _requested_kind(request)
    read = partial(read_results, question, user=person, around=around, narrowing=narrowing, kind=kind)
    results = _read_page(read, _page_number(request), kind=kind) if question.is_asked else Results()
    context = {
        "question": question,
        "results": results,
        "kind": kind,
        "tabs": _tabs(request, results, kind=kind),
        "page": paginate(request, range(results.of_kind(kind).count), per_page=PAGE_SIZE),
        "agencies": [(each.code, each.label) for each in agencies],
        "cycles": [(each.year, str(each)) for each in cycles],
        **_narrowed_context(agency, cycle),
        "summary": _summary(results.of_kind(kind)) if question.is_asked else "",
        "short": short_words_text() if question.is_short else "",
        "most": number(MOST),
        "max_characters": MAX_CHARACTERS,
    }
    return render(request, "search/search.html", context)


@require_GET
def suggestions(request: HttpRequest) -> JsonResponse:
    """Return the items, agencies and people that the search box offers for `q`, as JSON: label, note and address.

    Where nothing is offered, `hint` says what to type instead; it is empty where nothing better is known.
    """
    cycle, typed = page_cycle(request), request.GET.get("q", "")[:MAX_CHARACTERS]
    found = read_suggestions(typed, user=person_of(request), cycle_id=cycle.pk if cycle else 0)
    hint = "" if found else too_little_text(typed)
    return JsonResponse({"suggestions": [asdict(each) for each in found], "hint": hint})


def _requested_kind(request: HttpRequest) -> str:
    """Return the kind that the address names, or all kinds where it names none that the person can find."""
    kind = request.GET.get("kind", "")
    return kind if kind in labels(person_of(request)) else ALL


def _narrowed_context(agency: Agency | None, cycle: Cycle | None) -> dict[str, Any]:
    """Return what the form shows as chosen."""
    return {
        "agency": agency,
        "cycle": cycle,
        "chosen": {"agency": agency.code if agency else "", "cycle": cycle.year if cycle else ""},
        "is_narrowed": bool(agency or cycle),
    }


def _read_page(read: Callable[..., Results], page: int, *, kind: str) -> Results:
    """Return the results on a page, or on the last page if there is no such page."""
    results = read(page=page)
    if page > 1 and not results.shown:
        results = read(page=1)
        last = -(-results.of_kind(kind).count // PAGE_SIZE)
        results = read(page=last) if last > 1 else results
    return results


def _page_number(request: HttpRequest) -> int:
    """Return the page asked for, as `paginate` reads it: the first for no number, the last for one out of range."""
    try:
        asked = int(request.GET.get("page", ""))
    except ValueError:
        return 1
    last = MOST // PAGE_SIZE
    return asked if 1 <= asked <= last else last


def _tabs(request: HttpRequest, results: Results, *, kind: str) -> list[dict[str, Any]]:
    """Return one tab for all kinds, and one with its count for each kind that the person can find."""
    parameters = request.GET.copy()
    for name in ("page", "kind"):
        parameters.pop(name, None)
    address = f"{request.path}?{parameters.urlencode()}"
    whole = {"url": address, "label": pgettext("kinds", "All"), "count": "", "is_current": kind == ALL}
    return [
        whole,
        *(
            {
                "url": f"{address}{'&' if parameters else ''}kind={group.kind}",
                "label": group.label,
                "count": _count(group.found),
                "is_current": kind == group.kind,
            }
            for group in results.groups
        ),
    ]


def _count(found: Found) -> str:
    return f"{number(found.count)}+" if found.has_more else number(found.count)


def _summary(found: Found) -> str:
    """Return a sentence with the number of hits."""
    words = {"count": number(found.count)}
    if found.has_more:
        return _("More than %(count)s found") % words
    return ngettext("%(count)s found", "%(count)s found", found.count) % words
