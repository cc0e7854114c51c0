"""Addresses of MAPO's day."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
