"""The guides, and the page that greets a person at the first sign-in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access import person_of
from accounts.models import Language
from guides.catalogue import guides_for
from guides.rendering import guide_of
from ui.dates import supported_language


@require_GET
def guide(request: HttpRequest, name: str = "") -> HttpResponse:
    """Show a guide; without a name in the address, that of the reader's role."""
    role = person_of(request).role
    name, readable = name or role, guides_for(role)
    if name not in readable:
        raise Http404
    others = [
        {"label": label, "url": reverse("guides:named", args=[other])}
        for other, label in readable.items()
        if other != name
    ]
    return render(
        request, "guides/guide.html", {"guide": guide_of(name, supported_language()), "others": others}
    )


@require_GET
def welcome(request: HttpRequest) -> HttpResponse:
    """Show three steps to begin with; each can be done later, and all can be skipped."""
    context = {"person": person_of(request), "languages": Language.choices}
    return render(request, "guides/welcome.html", context)
