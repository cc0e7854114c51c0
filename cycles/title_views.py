"""The page on which administrators change the short titles of a cycle's items: all of them, or one."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import administrators_only
from accounts.acting import act_by_button, act_by_form, posted
from audit.models import Event
from cycles.queries import read_title_changes
from cycles.title_forms import TitlesForm
from cycles.titles import change_titles, undo_titles
from recommendations.context import set_page_cycle
from recommendations.models import Cycle, Item
from recommendations.views.loading import closed_page
from ui.methods import post_required
from ui.numbers import whole_number
from ui.query_state import read_numbers


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def titles(request: HttpRequest, year: int) -> HttpResponseBase:
    """Change the short titles of a cycle's items, or with `?item=` those of one, with a reason."""
    found = _loaded(request, year)
    if not found.is_editable:
        return closed_page(request)
    items = _items(request, found)
    is_one = "item" in request.GET
    back_url = (
        reverse("recommendations:item", args=[items[0].pk])
        if is_one
        else reverse("cycles:cycle", args=[year])
    )
    return act_by_form(
        request,
        TitlesForm(posted(request), items=items, cancel_url=back_url),
        act=partial(change_titles, found),
        done=lambda events: (
            ngettext(
                "%(count)s item has a new short title.", "%(count)s items have new short titles.", len(events)
            )
            % {"count": len(events)}
        ),
        back_url=back_url,
        undo=partial(_undo_tag, found),
        template="cycles/titles.html",
        context=lambda: {
            "cycle": found,
            "items": items,
            "is_one": is_one,
            "back_url": back_url,
            "changes": read_title_changes(items),
        },
        error_status=422,
    )


def _loaded(request: HttpRequest, year: int) -> Cycle:
    found = get_object_or_404(Cycle, year=year)
    set_page_cycle(request, found)
    return found


def _items(request: HttpRequest, found: Cycle) -> list[Item]:
    """Return the items of the cycle in order, or the one that the address asks for. Raises `Http404`."""
    items = list(found.items.in_order())
    if "item" in request.GET:
        wanted = whole_number(request.GET["item"])
        items = [item for item in items if item.pk == wanted]
        if not items:
            raise Http404
    return items


def _undo_tag(found: Cycle, events: list[Event]) -> str:
    """Return the toast tag whose button undoes these changes."""
    numbers = ",".join(str(event.pk) for event in events)
    return f"undo:{reverse('cycles:titles_undo', args=[found.year])}?events={numbers}"


@post_required
@administrators_only
def titles_undo(request: HttpRequest, year: int) -> HttpResponseBase:
    """Give items back the short titles that they had before the changes in the address."""
    found = _loaded(request, year)
    numbers = read_numbers(request.GET, "events")
    return act_by_button(
        request,
        partial(undo_titles, found, events=numbers),
        done=_("The short titles are again what they were."),
        back_url=reverse("cycles:titles", args=[year]),
    )
