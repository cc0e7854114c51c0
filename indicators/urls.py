"""Addresses of figures: the sources, the tables that they printed, and what is counted."""

from django.urls import URLPattern, path

from indicators.views import sources, tables

app_name = "indicators"

urlpatterns: list[URLPattern] = [
    path("figures/sources/<int:source_id>/", sources.source, name="source"),
    path("figures/sources/<int:source_id>/download/", sources.source_download, name="source_download"),
    path("figures/tables/", tables.tables, name="tables"),
    path("figures/tables/<int:table_id>/", tables.table, name="table"),
]
