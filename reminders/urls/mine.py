"""Addresses of one's own reminders."""

from django.urls import URLPattern, path

from reminders.views import mine, notices, preferences

urlpatterns: list[URLPattern] = [
    path("reminders/", mine.mine, name="mine"),
    path("reminders/read/", mine.read_all, name="read_all"),
    path("reminders/<int:reminder_id>/read/", mine.read, name="read"),
    path("reminders/notices/<int:notice_id>/read/", notices.read, name="notice_read"),
    path("reminders/preferences/", preferences.preferences, name="preferences"),
]
