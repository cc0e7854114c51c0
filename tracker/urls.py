"""Where every address of the product begins."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from tracker import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", views.health, name="health"),
    path("", include("accounts.sign_in_urls")),
]
for _room, _prefix in (
    ("accounts", ""),
    ("audit", "audit/"),
    ("evidence", "evidence/"),
    ("recommendations", ""),
):
    if find_spec(f"{_room}.urls"):
        urlpatterns.append(path(_prefix, include(f"{_room}.urls")))
