"""The root of all URLs."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from tracker import health, views
from tracker.csp_reports import csp_report
from tracker.headers import REPORTS_PATH
from ui.addresses import OptionalAddresses

handler400 = "ui.errors.bad_request"
handler403 = "ui.errors.forbidden"
handler404 = "ui.errors.not_found"
handler500 = "tracker.unavailable.handle_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health.database, name="health"),
    path("health/live/", health.live, name="health_live"),
    path("health/ready/", health.ready, name="health_ready"),
    OptionalAddresses(
        lambda: bool(settings.SECURITY_CONTACT),
        path(".well-known/security.txt", views.security_txt, name="security_txt"),
    ),
    path("robots.txt", views.robots_txt, name="robots_txt"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(REPORTS_PATH.removeprefix("/"), csp_report, name="csp_report"),
    path("", include("accounts.sign_in_urls")),
    path("", include("accounts.urls")),
    path("audit/", include("audit.urls")),
    path("evidence/", include("evidence.urls")),
    path("identities/", include("privacy.urls")),
    path("", include("installation.urls")),
    path("", include("guides.urls")),
    path("search/", include("search.urls")),
    path("", include("reports.urls")),
    path("", include("reminders.urls")),
    path("", include("meetings.urls")),
    path("", include("indicators.urls")),
    path("", include("bulk.urls")),
    path("", include("imports.urls")),
    path("", include("overview.urls")),
    path("", include("cycles.urls")),
    path("", include("identities.urls")),
    path("", include("recommendations.urls")),
]
