"""Addresses of the overview, its saved filters, and the weaknesses."""

from django.urls import URLPattern, path

from overview.views import overview, saved_filters, weaknesses

app_name = "overview"

urlpatterns: list[URLPattern] = [
    path("overview/", overview.overview, name="overview"),
    path("overview/views/keep/", saved_filters.filter_save, name="kept_view_keep"),
    path(
        "overview/views/<int:view_id>/throw-away/",
        saved_filters.filter_delete,
        name="kept_view_throw_away",
    ),
    path("weaknesses/", weaknesses.weaknesses, name="weaknesses"),
    path("weaknesses/<int:weakness_id>/link/", weaknesses.weakness_link, name="weakness_link"),
    path(
        "weaknesses/<int:weakness_id>/unlink/<int:answer_id>/",
        weaknesses.weakness_unlink,
        name="weakness_unlink",
    ),
]
