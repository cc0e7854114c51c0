"""Addresses of figures: the sources, the tables that they printed, and what is counted."""

from django.urls import URLPattern, path

from indicators.views import contradictions, sources, tables

app_name = "indicators"

_CHECK = "figures/contradictions/<int:check_id>"

urlpatterns: list[URLPattern] = [
    path("figures/contradictions/", contradictions.contradictions, name="contradictions"),
    path(f"{_CHECK}/", contradictions.check, name="check"),
    path(f"{_CHECK}/explain/", contradictions.check_explain, name="check_explain"),
    path("figures/sources/<int:source_id>/", sources.source, name="source"),
    path("figures/sources/<int:source_id>/download/", sources.source_download, name="source_download"),
    path("figures/tables/", tables.tables, name="tables"),
    path("figures/tables/<int:table_id>/", tables.table, name="table"),
]
