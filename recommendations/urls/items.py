"""Addresses of what is said and set about an item: comments, and MAPO's own state of it."""

from django.urls import URLPattern, path

from recommendations.views import comments, overrides

urlpatterns: list[URLPattern] = [
    path("assignments/<int:assignment_id>/comments/", comments.comments, name="comments"),
    path("mentions/<int:mention_id>/seen/", comments.mention_seen, name="mention_seen"),
    path("items/<int:item_id>/override/", overrides.item_override, name="item_override"),
    path("overrides/<int:override_id>/end/", overrides.override_end, name="override_end"),
]
