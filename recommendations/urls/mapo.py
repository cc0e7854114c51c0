"""Addresses of MAPO's day."""

from django.urls import URLPattern, path

from recommendations.views import overview, reviews

urlpatterns: list[URLPattern] = [
    path("overview/", overview.overview, name="overview"),
    path("reviews/", reviews.queue, name="queue"),
    path("reviews/<int:update_id>/", reviews.review, name="review"),
    path("reviews/<int:review_id>/supersede/", reviews.review_supersede, name="review_supersede"),
]
