"""Addresses of MAPO's page of what became of the mails, and of nudges."""

from django.urls import URLPattern, path

from reminders.views import delivery, nudges

urlpatterns: list[URLPattern] = [
    path("reminders/delivery/", delivery.delivery, name="delivery"),
    path("reminders/delivery/again/", delivery.resend_failed, name="resend_failed"),
    path("reminders/delivery/<int:delivery_id>/", delivery.delivery_mail, name="delivery_mail"),
    path("reminders/delivery/<int:delivery_id>/again/", delivery.resend, name="resend"),
    path("reminders/nudge/", nudges.nudge, name="nudge"),
]
