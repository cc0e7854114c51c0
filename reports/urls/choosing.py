"""Addresses of choosing what a summary holds."""

from django.urls import URLPattern, path

from reports.views import choosing

urlpatterns: list[URLPattern] = [path("summaries/", choosing.choose, name="choose")]
