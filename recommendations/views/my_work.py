"""My work: what the agency owes, has sent and has settled."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import agency_only, person_of
from accounts.acting import request_time
from audit import clock
from recommendations.context import has_several_open_cycles
from recommendations.extensions import LinkingPage, links_on, work_beside
from recommendations.queries.comments import unseen_mentions
from recommendations.queries.my_work import read_my_work
from recommendations.queries.my_work_tasks import TaskGroup


@require_GET
@agency_only
def my_work(request: HttpRequest) -> HttpResponse:
    """Show everything that the person's agency has to do, in one list."""
    today = clock.local_date(request_time(request))
    has_several = has_several_open_cycles(request)
    work = read_my_work(person_of(request), today=today, has_several_cycles=has_several)
    returned = work.groups[TaskGroup.RETURNED]
    context = {
        "work": work,
        "today": today,
        "groups": work.groups,
        "returned": returned,
        "mentions": unseen_mentions(person_of(request)),
        "beside": work_beside(person_of(request), now=request_time(request)),
        "ways": links_on(LinkingPage.MY_WORK, {"agency": person_of(request).agency.code}),
    }
    return render(request, "recommendations/my_work.html", context)
