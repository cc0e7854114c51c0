"""Addresses of the reminders, grouped by who uses them."""

from django.urls import URLPattern, URLResolver, path

from reminders.queries.demo_mails import is_demo_mailbox
from reminders.views import delivery, demo_mails, held_mail, my_reminders, nudges, preferences, rules
from ui.addresses import OptionalAddresses

app_name = "reminders"

_mine: list[URLPattern] = [
    path("reminders/", my_reminders.mine, name="mine"),
    path("reminders/read/", my_reminders.read_all, name="read_all"),
    path("reminders/<int:reminder_id>/read/", my_reminders.read, name="read"),
    path("reminders/notices/<int:notice_id>/read/", my_reminders.notice_read, name="notice_read"),
    path("reminders/preferences/", preferences.preferences, name="preferences"),
    path("reminders/feed/", preferences.feed_show, name="feed_show"),
    path("reminders/feed/renew/", preferences.feed_renew, name="feed_renew"),
    # Read by programs, without a session.
    path("calendar/<int:user_id>-<slug:token>.ics", preferences.feed, name="feed"),
]
_administrators: list[URLPattern] = [
    path("reminders/rules/", rules.rules, name="rules"),
    path("reminders/rules/add/", rules.rule_add, name="rule_add"),
    path("reminders/rules/<int:rule_id>/", rules.rule, name="rule"),
    path("reminders/rules/<int:rule_id>/switch/", rules.rule_switch, name="rule_switch"),
    path("reminders/held/", held_mail.held_mail, name="held_mail"),
    path("reminders/preview/", rules.preview, name="preview"),
    path("reminders/days-off/", rules.days_off, name="days_off"),
    path("reminders/days-off/<int:day_off_id>/remove/", rules.day_off_remove, name="day_off_remove"),
    path("reminders/days-off/<int:day_off_id>/put-back/", rules.day_off_put_back, name="day_off_put_back"),
]
_mapo: list[URLPattern] = [
    path("reminders/delivery/", delivery.delivery, name="delivery"),
    path("reminders/delivery/again/", delivery.resend_failed, name="resend_failed"),
    path("reminders/delivery/<int:delivery_id>/", delivery.delivery_mail, name="delivery_mail"),
    path("reminders/delivery/<int:delivery_id>/again/", delivery.resend, name="resend"),
    path("reminders/nudge/", nudges.nudge, name="nudge"),
]
_demonstration = OptionalAddresses(
    is_demo_mailbox,
    path("reminders/mails/", demo_mails.mails, name="mails"),
    path("reminders/mails/<str:name>/", demo_mails.mail, name="mail"),
    path("reminders/mails/<str:name>/html/", demo_mails.mail_html, name="mail_html"),
    path("reminders/mails/<str:name>/file/", demo_mails.mail_file, name="mail_file"),
)

urlpatterns: list[URLPattern | URLResolver] = [*_mine, *_administrators, *_mapo, _demonstration]
