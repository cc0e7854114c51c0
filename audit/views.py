"""Pages of the audit trail: administrators read, filter and export it; for everybody else they do not exist."""

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audit import clock, demo
from audit.anchors.panel import anchor_panel, proof_file
from audit.errors import DomainError
from audit.export import make_csv
from audit.forms import DemoDayForm, TrailFilter
from audit.models import Anchor, ChainLink, Event
from audit.refusals import only_for
from audit.services import record
from audit.trail import field_changes, filter_events, trail_page, trail_rows
from audit.values import ValueTexts
from ui.methods import post_required
from ui.numbers import whole_number
from ui.recent_proof import requires_recent_proof

ROWS_PER_PAGE = 50
administrators_only = only_for(lambda person: person.is_administrator)


@administrators_only
@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """Show who did what, newest first, filtered as asked."""
    form = TrailFilter(request.GET)
    events = filter_events(form.cleaned_data) if form.is_valid() else Event.objects.none()
    page = trail_page(
        events,
        older_than=whole_number(request.GET.get("older", "")),
        newer_than=whole_number(request.GET.get("newer", "")),
        per_page=ROWS_PER_PAGE,
    )
    asked = [(name, request.GET[name]) for name in form.fields if request.GET.get(name)]
    context = {
        "form": form,
        "page": page,
        "rows": trail_rows(page.rows),
        "asked": asked,
        "anchors": anchor_panel(now=clock.now()),
    }
    return render(request, "audit/trail.html", context)


@administrators_only
@require_GET
def event(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show one act with its values before and after, and its link in the chain."""
    shown = get_object_or_404(Event, pk=event_id)
    context = {
        "event": shown,
        "fields": field_changes(shown, ValueTexts([shown])),
        "link": ChainLink.objects.filter(event_id=shown.pk).first(),
    }
    return render(request, "audit/event.html", context)


@administrators_only
@require_GET
def anchor(request: HttpRequest, anchor_id: int) -> HttpResponse:
    """Send what a place took of the log's head, as a file: hash, position and instant, nothing that is in the log."""
    file = proof_file(get_object_or_404(Anchor.objects.kept(), pk=anchor_id))
    disposition = content_disposition_header(True, file.name)
    return HttpResponse(
        file.content, content_type=file.media_type, headers={"Content-Disposition": str(disposition)}
    )


@administrators_only
@requires_recent_proof(sends_file=True)
@post_required
def export(request: HttpRequest) -> HttpResponseBase:
    """Send the filtered trail as a whole CSV file; the export is itself an Event, which the file does not contain."""
    form = TrailFilter(request.POST)
    if not form.is_valid():
        messages.error(request, _("This filter cannot be exported. Correct it and try again."))
        return redirect("audit:trail")
    now = clock.now()
    try:
        file, rows = make_csv(filter_events(form.cleaned_data))
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("audit:trail")
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    with transaction.atomic():
        record(
            action="audit.exported",
            actor=request.user,
            object_type="audit.Event",
            after={"filter": asked, "rows": rows},
            now=now,
        )
    name = f"jejak-audit-{clock.local_date(now).isoformat()}.csv"
    return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


@administrators_only
@require_http_methods(["GET", "POST"])
def demo_day(request: HttpRequest) -> HttpResponse:
    """Move the demonstration to a later day."""
    now = clock.now()
    form = DemoDayForm(request.POST if request.method == "POST" else None, today=clock.local_date(now))
    if request.method == "POST" and form.is_valid():
        try:
            demo.move_on(form.cleaned_data["day"], actor=request.user, now=now)
        except DomainError as refusal:
            form.add_error("day", str(refusal))
        else:
            messages.success(request, _("The day was moved. Reminders follow within a minute or two."))
            return redirect("audit:demo_day")
    return render(request, "audit/demo_day.html", {"form": form}, status=422 if form.errors else 200)
