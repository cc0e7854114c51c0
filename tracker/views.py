"""Views of the installation itself."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say where a weakness is reported (RFC 9116)."""
    # Asked for anew, it holds for another half year.
    expires = (timezone.now() + timedelta(days=182)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: ms, en",
        f"Canonical: {settings.SITE_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
def robots_txt(_request: HttpRequest) -> HttpResponse:
    """Tell programs that collect pages to collect none."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
def favicon(_request: HttpRequest) -> HttpResponse:
    """Lead to the mark: some programs ask for this address whatever the page names."""
    return HttpResponseRedirect(static("ui/mark.svg"))
