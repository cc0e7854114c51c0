"""The page on which administrators see whether the stored files are what was received."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import administrators_only, person_of
from accounts.acting import request_time
from evidence.queries import read_check_progress


@require_GET
@administrators_only
def checks(request: HttpRequest) -> HttpResponse:
    """Show how many files were read again within 30 days, and which are harmed."""
    progress = read_check_progress(person_of(request), now=request_time(request))
    return render(request, "evidence/checks.html", {"progress": progress})
