"""Addresses of what is said and set about an item: comments, and MAPO's own state of it."""

from django.urls import URLPattern, path

from recommendations.views import comments

urlpatterns: list[URLPattern] = [
    path("assignments/<int:assignment_id>/comments/", comments.comments, name="comments"),
    path("mentions/<int:mention_id>/seen/", comments.mention_seen, name="mention_seen"),
]
