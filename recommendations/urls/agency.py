"""Addresses of the agency's day, and of the pages that everybody reads."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
