"""Addresses of the reminders, split by who uses them."""

from reminders.urls import feed, mails, mapo, mine, rules

app_name = "reminders"

urlpatterns = [
    *mine.urlpatterns,
    *feed.urlpatterns,
    *rules.urlpatterns,
    *mapo.urlpatterns,
    *mails.urlpatterns,
]
