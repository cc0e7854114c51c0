"""Addresses of verifying a file."""

from django.urls import URLPattern, path

from reports.views import verifying

urlpatterns: list[URLPattern] = [path("summaries/verify/", verifying.verify, name="verify")]
