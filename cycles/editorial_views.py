"""The page on which administrators change what MAPO says of an item: pillar, note on the two texts, answers."""

from functools import partial

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import administrators_only
from accounts.acting import act_by_form, posted
from cycles.editorial import Editorial, change_editorial, possible_answers
from cycles.editorial_forms import EditorialForm
from recommendations.context import set_page_cycle
from recommendations.models import Item
from recommendations.views.loading import closed_page


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def item_change(request: HttpRequest, year: int, item_id: int) -> HttpResponseBase:
    """Change what MAPO says of an item of the cycle, with a reason."""
    item = get_object_or_404(Item.objects.select_related("cycle"), pk=item_id, cycle__year=year)
    set_page_cycle(request, item.cycle)
    if not item.cycle.is_editable:
        return closed_page(request)
    back_url = reverse("recommendations:item", args=[item.pk])
    form = EditorialForm(
        posted(request),
        item=item,
        held=Editorial.of(item),
        possible=possible_answers(item),
        cancel_url=back_url,
    )
    return act_by_form(
        request,
        form,
        act=partial(change_editorial, item),
        done=_("%(item)s was changed.") % {"item": item},
        back_url=back_url,
        template="cycles/editorial.html",
        context={"item": item, "back_url": back_url},
        error_status=422,
    )
