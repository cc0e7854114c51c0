"""The address that calendars fetch, and where it is renewed."""

from django.urls import URLPattern, path

from reminders.views import feed

urlpatterns: list[URLPattern] = [
    path("calendar/<int:user_id>-<slug:token>.ics", feed.feed, name="feed"),
    path("reminders/feed/renew/", feed.feed_renew, name="feed_renew"),
]
