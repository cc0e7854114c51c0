"""Addresses of one's own reminders."""

from django.urls import URLPattern, path

from reminders.views import mine, preferences

urlpatterns: list[URLPattern] = [
    path("reminders/", mine.mine, name="mine"),
    path("reminders/read/", mine.read_all, name="read_all"),
    path("reminders/<int:reminder_id>/read/", mine.read, name="read"),
    path("reminders/preferences/", preferences.preferences, name="preferences"),
]
