"""Addresses of choosing what a summary holds, and of the selections that people keep."""

from django.urls import URLPattern, path

from reports.views import choosing, kept_selections

urlpatterns: list[URLPattern] = [
    path("summaries/", choosing.choose, name="choose"),
    path("summaries/kept/", kept_selections.selection_keep, name="selection_keep"),
    path("summaries/kept/<int:selection_id>/share/", kept_selections.selection_share, name="selection_share"),
    path(
        "summaries/kept/<int:selection_id>/throw-away/",
        kept_selections.selection_throw_away,
        name="selection_throw_away",
    ),
]
