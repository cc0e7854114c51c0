"""Where every address of the product begins."""

from django.urls import URLPattern, URLResolver, include, path

from tracker import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", views.health, name="health"),
    path("", include("accounts.sign_in_urls")),
    path("", include("accounts.urls")),
    path("audit/", include("audit.urls")),
    path("evidence/", include("evidence.urls")),
    path("", include("recommendations.urls")),
]
