"""Minutes of a meeting, as a file."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import find_or_refuse, mapo_only, person_of
from accounts.acting import attempt
from accounts.rate_limits import is_within_rate
from audit.errors import NotAllowed
from audit.refusals import refuse
from evidence.views.downloads import with_download_headers
from meetings.models import Meeting
from recommendations.context import set_page_cycle
from reports.services.minutes import make_minutes
from reports.states import MEDIA_TYPES
from reports.summary.statement import meeting_stem
from ui.recent_proof import requires_recent_proof

_A_MINUTE = 20
#: The word in the file's name.
_STEMS = {"ms": "minit", "en": "minutes"}


@require_GET
@mapo_only
@requires_recent_proof(sends_file=True)
def minutes(request: HttpRequest, meeting_id: int, language: str, extension: str) -> HttpResponseBase:
    """Send the minutes of a meeting that was held; a draft until they are closed."""
    found = find_or_refuse(
        request, Meeting.objects.visible_to(person_of(request)).select_related("cycle"), pk=meeting_id
    )
    set_page_cycle(request, found.cycle)
    if language not in _STEMS or extension not in ("docx", "pdf"):
        raise Http404
    if not is_within_rate("reports.minutes", person_of(request).pk, most=_A_MINUTE):
        words = _("That was a lot of files in one minute. Wait a minute, then continue.")
        return _refused(request, found, words, status=429)
    outcome = attempt(request, partial(make_minutes, found, extension=extension, language=language))
    if isinstance(outcome.refusal, NotAllowed):
        refuse(request)
    if outcome.refusal is not None:
        return _refused(request, found, str(outcome.refusal), status=409)
    response = HttpResponse(outcome.result, content_type=MEDIA_TYPES[extension])
    name = f"jejak-{found.cycle.year}-{_STEMS[language]}-{meeting_stem(found.number)}-{language}.{extension}"
    return with_download_headers(response, name=name, as_attachment=True)


def _refused(request: HttpRequest, meeting: Meeting, words: str, *, status: int) -> HttpResponse:
    back_url = reverse("meetings:meeting_papers", args=[meeting.pk])
    context = {"problems": [words], "back_url": back_url, "back_label": _("Papers of the meeting")}
    return render(request, "reports/refused.html", context, status=status)
