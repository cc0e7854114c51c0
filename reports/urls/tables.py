"""Addresses of what describes the data of summaries."""

from django.urls import URLPattern, path

from reports.views import tables

urlpatterns: list[URLPattern] = [path("summaries/schema.json", tables.schema, name="schema")]
