"""Addresses of monthly summaries."""

from django.urls import URLPattern, path

from reports.views import schedules

urlpatterns: list[URLPattern] = [
    path("summaries/monthly/", schedules.schedules, name="schedules"),
    path("summaries/monthly/add/", schedules.schedule_add, name="schedule_add"),
    path("summaries/monthly/<int:schedule_id>/stop/", schedules.schedule_stop, name="schedule_stop"),
]
