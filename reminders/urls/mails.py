"""Addresses of the mails of a demonstration."""

from django.urls import URLPattern, path

from reminders.views import mails

_MAIL = "reminders/mails/<str:name>"

urlpatterns: list[URLPattern] = [
    path("reminders/mails/", mails.mails, name="mails"),
    path(f"{_MAIL}/", mails.mail, name="mail"),
    path(f"{_MAIL}/html/", mails.mail_html, name="mail_html"),
    path(f"{_MAIL}/file/", mails.mail_file, name="mail_file"),
]
