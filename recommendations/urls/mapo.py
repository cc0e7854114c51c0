"""Addresses of MAPO's day."""

from django.urls import URLPattern, path

from recommendations.views import assignments, letters, reviews

urlpatterns: list[URLPattern] = [
    path("reviews/", reviews.queue, name="queue"),
    path("reviews/<int:update_id>/", reviews.review, name="review"),
    path("reviews/<int:review_id>/supersede/", reviews.review_supersede, name="review_supersede"),
    path("assignments/", assignments.assignments, name="assignments"),
    path("assignments/<int:assignment_id>/", assignments.assignment, name="assignment"),
    path("assignments/<int:assignment_id>/end/", assignments.assignment_end, name="assignment_end"),
    path("assignments/<int:assignment_id>/letter/", letters.letter, name="letter"),
    path("requests/<int:request_id>/answer/", assignments.request_answer, name="request_answer"),
]
