"""The page on which administrators see how the installation is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import administrators_only
from installation import state as installation_state
from installation.ages import words_of


@never_cache
@require_GET
@administrators_only
def state(request: HttpRequest) -> HttpResponse:
    """Say that all is well, or what to do, part by part; nothing that hangs keeps the page for longer than two seconds."""
    seen = installation_state.look()
    context = {"seen": seen, "age": words_of(seen.seconds_ago)}
    return render(request, "installation/state.html", context)
