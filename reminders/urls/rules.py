"""Addresses of what administrators keep: rules, days off, and what a day would bring."""

from django.urls import URLPattern, path

from reminders.views import days_off, preview, rules

urlpatterns: list[URLPattern] = [
    path("reminders/rules/", rules.rules, name="rules"),
    path("reminders/rules/add/", rules.rule_add, name="rule_add"),
    path("reminders/rules/<int:rule_id>/", rules.rule, name="rule"),
    path("reminders/rules/<int:rule_id>/switch/", rules.rule_switch, name="rule_switch"),
    path("reminders/preview/", preview.preview, name="preview"),
    path("reminders/days-off/", days_off.days_off, name="days_off"),
    path("reminders/days-off/<int:day_off_id>/remove/", days_off.day_off_remove, name="day_off_remove"),
    path("reminders/days-off/<int:day_off_id>/put-back/", days_off.day_off_put_back, name="day_off_put_back"),
]
